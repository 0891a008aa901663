package dev.tandem.actors.settings;

import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.protocol.ReloadReport.MemberReload;
import dev.tandem.actors.settings.SettingsMessages.Adopt;
import dev.tandem.actors.settings.SettingsMessages.Adopted;
import dev.tandem.actors.settings.SettingsMessages.Command;
import dev.tandem.actors.settings.SettingsMessages.Proposal;
import dev.tandem.actors.settings.SettingsMessages.Propose;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.config.FileWatch;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LiveSettings.Candidate;
import dev.tandem.config.SettingScope;
import dev.tandem.config.SettingsChange;
import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the settings of a member: reads them again when it is asked, or when the file has changed, and takes over what the
 * supervisor has found to be fine. It reads files, so it belongs on a dispatcher for that.
 */
public final class SettingsKeeper extends AbstractBehavior<Command> {

    /** Name under the guardian. */
    public static final String NAME = "settings";

    /** Editors write a file in several steps. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** A supervisor may be lost with what it was asked. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(15);

    /** Changes of the file are noticed from now on. */
    private enum Watching implements Command {
        BEGUN
    }

    private enum FileChanged implements Command {
        CHANGED
    }

    private record Reported(ReloadReport report) implements Command {}

    /** What was proposed last. */
    private record Proposed(long round, Candidate candidate) {}

    /**
     * Whose settings they are.
     *
     * @param isNode whether it may have the supervisor one day
     */
    public record Owner(String member, boolean isNode) {}

    private final Owner owner;
    private final LiveSettings live;
    private final ActorRef<SupervisorMessages.Command> supervisor;
    private final ActorRef<ReloadReport> reports;
    private final Optional<FileWatch> watch;
    private final TimerScheduler<Command> timers;
    private final Duration askAgain;
    private @Nullable Proposed proposed;

    /**
     * A keeper that others find through the receptionist.
     *
     * @param supervisor of the cluster, wherever it is
     */
    public static Behavior<Command> create(
            Owner owner, LiveSettings live, ActorRef<SupervisorMessages.Command> supervisor) {
        return create(owner, live, supervisor, ASK_AGAIN);
    }

    /** @param askAgain until a supervisor that has not answered is told once more that the file has changed */
    static Behavior<Command> create(
            Owner owner, LiveSettings live, ActorRef<SupervisorMessages.Command> supervisor, Duration askAgain) {
        return Behaviors.setup(context -> {
            context.getSystem().receptionist().tell(Receptionist.register(SettingsMessages.KEY, context.getSelf()));
            return Behaviors.withTimers(
                    timers -> new SettingsKeeper(context, timers, owner, live, supervisor, askAgain));
        });
    }

    private SettingsKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Owner owner,
            LiveSettings live,
            ActorRef<SupervisorMessages.Command> supervisor,
            Duration askAgain) {
        super(context);
        this.timers = timers;
        this.askAgain = askAgain;
        context.setLoggerName(SettingsKeeper.class);
        this.owner = owner;
        this.live = live;
        this.supervisor = supervisor;
        this.reports = context.messageAdapter(ReloadReport.class, Reported::new);
        this.watch = live.source().file().flatMap(this::watch);
        watch.ifPresent(started -> timers.startSingleTimer(Watching.BEGUN, QUIET));
    }

    /** The file may have been written after it was read and before it was watched. One that is empty is being written. */
    private Behavior<Command> onWatchBegun() {
        boolean isWritten =
                live.source().file().filter(SettingsKeeper::hasContent).isPresent();
        return isWritten && hasChanged() ? onFileChanged() : this;
    }

    private static boolean hasContent(Path file) {
        try {
            return Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean hasChanged() {
        try {
            return !live.read().diff().changes().isEmpty();
        } catch (SettingsException refused) {
            return true;
        }
    }

    /** A member whose file cannot be watched does without: it can be asked to reload. */
    private Optional<FileWatch> watch(Path file) {
        ActorRef<Command> self = getContext().getSelf();
        try {
            return Optional.of(FileWatch.start(file, QUIET, () -> self.tell(FileChanged.CHANGED)));
        } catch (IOException e) {
            getContext().getLog().warn("changes of {} will not be noticed: {}", file, e.toString());
            return Optional.empty();
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Propose.class, this::onPropose)
                .onMessage(Adopt.class, this::onAdopt)
                .onMessage(FileChanged.class, changed -> onFileChanged())
                .onMessage(Watching.class, begun -> onWatchBegun())
                .onMessage(Reported.class, reported -> onReport(reported.report()))
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onPropose(Propose propose) {
        try {
            Candidate candidate = live.read();
            proposed = new Proposed(propose.round(), candidate);
            propose.replyTo().tell(proposal(List.of(), candidate));
        } catch (SettingsException e) {
            proposed = null;
            propose.replyTo()
                    .tell(proposal(
                            e.problems().stream().map(SettingsProblem::toString).toList(), null));
        }
        return this;
    }

    private Proposal proposal(List<String> problems, @Nullable Candidate candidate) {
        return new Proposal(
                getContext().getSelf(),
                owner.member(),
                owner.isNode(),
                live.source().file().map(Path::toString).orElse(""),
                problems,
                candidate == null ? List.of() : changes(candidate),
                (candidate == null ? live.current() : candidate.settings()).cluster());
    }

    /** What is the cluster's has no meaning in the file of a member that never has the supervisor. */
    private List<SettingsChange> changes(Candidate candidate) {
        return candidate.diff().changes().stream()
                .filter(change -> owner.isNode() || change.scope() != SettingScope.CLUSTER)
                .toList();
    }

    private Behavior<Command> onAdopt(Adopt adopt) {
        if (proposed != null && proposed.round() == adopt.round()) {
            live.adopt(proposed.candidate());
            proposed = null;
            adopt.replyTo().tell(new Adopted(getContext().getSelf()));
        }
        return this;
    }

    private Behavior<Command> onFileChanged() {
        supervisor.tell(new SupervisorMessages.Reload(Optional.of(getContext().getSelf()), reports));
        timers.startSingleTimer(FileChanged.CHANGED, askAgain);
        return this;
    }

    private Behavior<Command> onReport(ReloadReport report) {
        timers.cancel(FileChanged.CHANGED);
        String file = live.source().file().map(Path::toString).orElse("");
        report.reasons().forEach(reason -> getContext().getLog().error("{} is not taken over: {}", file, reason));
        report.notes().forEach(note -> getContext().getLog().warn("{}: {}", file, note));
        if (!report.isRefused()) {
            report.members().stream()
                    .map(MemberReload::changes)
                    .flatMap(List::stream)
                    .forEach(change -> getContext().getLog().info("{}: {}", file, change));
        }
        return this;
    }

    private Behavior<Command> onPostStop() {
        watch.ifPresent(FileWatch::close);
        return this;
    }
}
