package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Has links measured one after the other, reports those that work and those that do not, and stops. Links of a member that has
 * gone meanwhile are neither.
 */
final class LinkSurvey extends AbstractBehavior<LinkProbe.Measured> {

    /** A link that does not carry {@link LinkProbe#LOAD_BYTES} in this time is not usable. */
    static final Duration PER_LINK = Duration.ofSeconds(3);
    /** Another measurement of the same probe may go before it. */
    private static final Duration PATIENCE = PER_LINK.multipliedBy(2).plusSeconds(1);

    private static final String SILENT = "the probe itself does not answer";

    /** A link to measure. */
    record Candidate(
            String from, ActorRef<LinkProbe.Command> fromProbe, String to, ActorRef<LinkProbe.Command> toProbe) {

        private boolean isOf(ActorRef<?> probe) {
            return fromProbe.equals(probe) || toProbe.equals(probe);
        }
    }

    /**
     * What the survey found.
     *
     * @param links that work
     * @param silent those that did not answer in time
     */
    record Surveyed(List<Link> links, List<Candidate> silent) {}

    private final Deque<Candidate> candidates;
    private final boolean isBrief;
    private final List<Link> links = new ArrayList<>();
    private final List<Candidate> notReached = new ArrayList<>();
    private final ActorRef<? super Surveyed> owner;
    private @Nullable Candidate asked;

    static Behavior<LinkProbe.Measured> create(List<Candidate> candidates, ActorRef<? super Surveyed> owner) {
        return create(candidates, false, owner);
    }

    /** The same with a few messages each, for links that serve. */
    static Behavior<LinkProbe.Measured> brief(List<Candidate> candidates, ActorRef<? super Surveyed> owner) {
        return create(candidates, true, owner);
    }

    private static Behavior<LinkProbe.Measured> create(
            List<Candidate> candidates, boolean isBrief, ActorRef<? super Surveyed> owner) {
        return Behaviors.setup(context -> {
            LinkSurvey survey = new LinkSurvey(context, candidates, isBrief, owner);
            return survey.next();
        });
    }

    private LinkSurvey(
            ActorContext<LinkProbe.Measured> context,
            List<Candidate> candidates,
            boolean isBrief,
            ActorRef<? super Surveyed> owner) {
        super(context);
        context.setLoggerName(LinkSurvey.class);
        this.isBrief = isBrief;
        this.candidates = new ArrayDeque<>(candidates);
        this.owner = owner;
        candidates.stream()
                .flatMap(candidate -> Stream.of(candidate.fromProbe(), candidate.toProbe()))
                .distinct()
                .forEach(context::watch);
        context.setReceiveTimeout(PATIENCE, new LinkProbe.NotReached("", "", SILENT));
    }

    @Override
    public Receive<LinkProbe.Measured> createReceive() {
        return newReceiveBuilder()
                .onMessage(LinkProbe.Reached.class, reached -> onReached(reached.link()))
                .onMessage(LinkProbe.NotReached.class, this::onNotReached)
                .onMessage(LinkProbe.Busy.class, busy -> isAsked(busy.from(), busy.to()) ? next() : this)
                .onSignal(Terminated.class, gone -> onGone(gone.getRef()))
                .build();
    }

    private Behavior<LinkProbe.Measured> onReached(Link link) {
        links.add(link);
        return isAsked(link.from(), link.to()) ? next() : this;
    }

    private Behavior<LinkProbe.Measured> onNotReached(LinkProbe.NotReached failure) {
        boolean silent = failure.reason().equals(SILENT);
        if (asked == null || !(silent || isAsked(failure.from(), failure.to()))) {
            return this;
        }
        notReached.add(asked);
        getContext().getLog().warn("link {} -> {} is not usable: {}", asked.from(), asked.to(), failure.reason());
        return next();
    }

    /** A member that starts again has another probe: nothing is known of that one. */
    private Behavior<LinkProbe.Measured> onGone(ActorRef<?> probe) {
        candidates.removeIf(candidate -> candidate.isOf(probe));
        return asked != null && asked.isOf(probe) ? next() : this;
    }

    /** An answer that comes after its time is over must not be taken for the next one's. */
    private boolean isAsked(String from, String to) {
        return asked != null && asked.from().equals(from) && asked.to().equals(to);
    }

    private Behavior<LinkProbe.Measured> next() {
        Candidate candidate = candidates.poll();
        asked = candidate;
        if (candidate == null) {
            owner.tell(new Surveyed(List.copyOf(links), List.copyOf(notReached)));
            return Behaviors.stopped();
        }
        candidate
                .fromProbe()
                .tell(new LinkProbe.Measure(
                        candidate.from(),
                        candidate.to(),
                        candidate.toProbe(),
                        isBrief,
                        PER_LINK,
                        getContext().getSelf()));
        return this;
    }
}
