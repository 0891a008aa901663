package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.protocol.ReloadReport.MemberReload;
import dev.tandem.actors.protocol.ReloadReport.Replanned;
import dev.tandem.actors.settings.SettingsMessages;
import dev.tandem.actors.settings.SettingsMessages.Adopt;
import dev.tandem.actors.settings.SettingsMessages.Adopted;
import dev.tandem.actors.settings.SettingsMessages.Proposal;
import dev.tandem.actors.settings.SettingsMessages.Propose;
import dev.tandem.actors.supervisor.PolicyChanges.Accepted;
import dev.tandem.actors.supervisor.PolicyChanges.Refused;
import dev.tandem.actors.supervisor.SupervisorMessages.Reload;
import dev.tandem.config.SettingScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * One reload: has the members read their settings, the supervisor try out those for the cluster, and the members take over
 * theirs; or, when anything is wrong anywhere, nothing. Answers and stops.
 */
final class ReloadRound extends AbstractBehavior<ReloadRound.Event> {

    private static final Duration PER_STEP = Duration.ofSeconds(3);

    /** What a round hears. */
    sealed interface Event {}

    private record Listed(Set<ActorRef<SettingsMessages.Command>> keepers) implements Event {}

    private record Proposed(Proposal proposal) implements Event {}

    private record Tried(PolicyChanges.Outcome outcome) implements Event {}

    private record TakenOver(ActorRef<SettingsMessages.Command> keeper) implements Event {}

    private enum Late implements Event {
        LATE
    }

    private final TimerScheduler<Event> timers;
    private final Reload reload;
    private final ActorRef<? super PolicyChanges.Change> supervisor;
    private final long round = ThreadLocalRandom.current().nextLong();
    private final Set<ActorRef<SettingsMessages.Command>> awaited = new HashSet<>();
    private final Map<ActorRef<SettingsMessages.Command>, Proposal> proposals = new HashMap<>();
    private final List<Replanned> epochs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean isInForce;

    static Behavior<Event> create(Reload reload, ActorRef<? super PolicyChanges.Change> supervisor) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ReloadRound round = new ReloadRound(context, timers, reload, supervisor);
            round.find();
            return round;
        }));
    }

    private ReloadRound(
            ActorContext<Event> context,
            TimerScheduler<Event> timers,
            Reload reload,
            ActorRef<? super PolicyChanges.Change> supervisor) {
        super(context);
        this.timers = timers;
        this.reload = reload;
        this.supervisor = supervisor;
    }

    private void find() {
        timers.startSingleTimer(Late.LATE, PER_STEP);
        if (reload.only().isPresent()) {
            getContext().getSelf().tell(new Listed(Set.of(reload.only().get())));
        } else {
            ActorRef<Receptionist.Listing> listings = getContext()
                    .messageAdapter(
                            Receptionist.Listing.class,
                            listing -> new Listed(listing.getServiceInstances(SettingsMessages.KEY)));
            getContext().getSystem().receptionist().tell(Receptionist.find(SettingsMessages.KEY, listings));
        }
    }

    @Override
    public Receive<Event> createReceive() {
        return newReceiveBuilder()
                .onMessage(Listed.class, this::onListed)
                .onMessage(Proposed.class, this::onProposed)
                .onMessage(Tried.class, this::onTried)
                .onMessage(TakenOver.class, this::onTakenOver)
                .onMessage(Late.class, late -> onLate())
                .build();
    }

    private Behavior<Event> onListed(Listed listed) {
        awaited.addAll(listed.keepers());
        ActorRef<Proposal> replies = getContext().messageAdapter(Proposal.class, Proposed::new);
        awaited.forEach(keeper -> keeper.tell(new Propose(round, replies)));
        return awaited.isEmpty()
                ? refuse(List.of("no member keeps settings yet. Maybe try again when a node has started."))
                : this;
    }

    private Behavior<Event> onProposed(Proposed proposed) {
        Proposal proposal = proposed.proposal();
        if (awaited.remove(proposal.keeper())) {
            proposals.put(proposal.keeper(), proposal);
        }
        return awaited.isEmpty() ? tryOut() : this;
    }

    /** The cluster's settings are those of the node that the supervisor, and so this round, is on. */
    private Behavior<Event> tryOut() {
        timers.cancel(Late.LATE);
        List<String> problems = proposals.values().stream()
                .sorted(Comparator.comparing(Proposal::member))
                .flatMap(proposal -> proposal.problems().stream().map(problem -> proposal.member() + ": " + problem))
                .toList();
        if (!problems.isEmpty()) {
            return refuse(problems);
        }
        Optional<Proposal> own =
                proposals.values().stream().filter(ReloadRound::hasSupervisor).findFirst();
        own.ifPresent(this::noteOthers);
        boolean isForCluster = own.stream()
                .flatMap(proposal -> proposal.changes().stream())
                .anyMatch(change -> change.scope() == SettingScope.CLUSTER);
        if (isForCluster) {
            ActorRef<PolicyChanges.Outcome> replies =
                    getContext().messageAdapter(PolicyChanges.Outcome.class, Tried::new);
            supervisor.tell(
                    new PolicyChanges.Change(PlanPolicy.of(own.orElseThrow().cluster()), replies));
            return this;
        }
        return takeOver();
    }

    private static boolean hasSupervisor(Proposal proposal) {
        return proposal.keeper().path().address().hasLocalScope();
    }

    /** What the cluster does must not change by where the supervisor is. */
    private void noteOthers(Proposal own) {
        List<String> others = proposals.values().stream()
                .filter(proposal -> proposal.isNode() && !proposal.cluster().equals(own.cluster()))
                .map(Proposal::member)
                .sorted()
                .toList();
        if (!others.isEmpty()) {
            notes.add("tandem.planner or tandem.rebalance of " + others + " differs from that of " + own.member()
                    + ", which has the supervisor now. Maybe have the same in all files.");
        }
    }

    private Behavior<Event> onTried(Tried tried) {
        if (tried.outcome() instanceof Refused refused) {
            return refuse(refused.reasons());
        }
        Accepted accepted = (Accepted) tried.outcome();
        epochs.addAll(accepted.epochs());
        notes.addAll(accepted.notes());
        return takeOver();
    }

    private Behavior<Event> takeOver() {
        isInForce = true;
        timers.startSingleTimer(Late.LATE, PER_STEP);
        awaited.addAll(proposals.keySet());
        ActorRef<Adopted> replies =
                getContext().messageAdapter(Adopted.class, adopted -> new TakenOver(adopted.keeper()));
        awaited.forEach(keeper -> keeper.tell(new Adopt(round, replies)));
        return this;
    }

    private Behavior<Event> onTakenOver(TakenOver taken) {
        awaited.remove(taken.keeper());
        return awaited.isEmpty() ? answer(List.of()) : this;
    }

    private Behavior<Event> onLate() {
        String who = awaited.stream()
                .map(keeper -> proposals.containsKey(keeper)
                        ? proposals.get(keeper).member()
                        : keeper.path().address().toString())
                .sorted()
                .collect(Collectors.joining(", "));
        if (isInForce) {
            notes.add(who + " did not say within " + PER_STEP.toSeconds() + " s that it has taken its settings over");
            return answer(List.of());
        }
        return refuse(List.of(who + " did not say within " + PER_STEP.toSeconds() + " s what its settings are"));
    }

    private Behavior<Event> refuse(List<String> reasons) {
        return answer(reasons);
    }

    private Behavior<Event> answer(List<String> reasons) {
        List<MemberReload> members = proposals.values().stream()
                .map(proposal -> new MemberReload(
                        proposal.member(), proposal.file(), hasSupervisor(proposal), proposal.changes()))
                .sorted(Comparator.comparing(MemberReload::member))
                .toList();
        reload.replyTo().tell(new ReloadReport(members, epochs, reasons, notes));
        return Behaviors.stopped();
    }
}
