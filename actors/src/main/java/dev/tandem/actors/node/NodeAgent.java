package dev.tandem.actors.node;

import dev.tandem.actors.node.NodeMessages.Adopt;
import dev.tandem.actors.node.NodeMessages.MayLeave;
import dev.tandem.actors.node.NodeMessages.Message;
import dev.tandem.actors.node.NodeMessages.MustWait;
import dev.tandem.actors.node.NodeMessages.NameTaken;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.node.NodeMessages.Retired;
import dev.tandem.actors.node.NodeMessages.Step;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.protocol.GroupProvider;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.PieceFetcher;
import dev.tandem.actors.transport.PieceStore;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.inference.profile.ReferenceWorkload;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.SessionPool;
import dev.tandem.inference.runtime.SessionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * A node's agent: measures its core groups, tells the supervisor of them again and again, and hosts epochs.
 *
 * <p>It must be spawned as {@link #NAME} under the guardian: the large-message channel is chosen by the paths below it.
 */
public final class NodeAgent extends AbstractBehavior<Message> {

    /** Name under the guardian. */
    public static final String NAME = "node-agent";

    private static final Duration REGISTRATION_INTERVAL = Duration.ofMillis(500);

    /** Without a word of the supervisor for so long, a node that leaves goes. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final CoordinatedShutdown.Reason REFUSED = new CoordinatedShutdown.Reason() {};

    private record Measured(String group, double multiplyAddsPerSecond) implements Message {}

    private record NotMeasured(String group, String reason) implements Message {}

    private record EpochEnded(long epoch) implements Message {}

    /** To take no more work, and to have what is here moved; answered once that is done, or cannot be. */
    record Leave(ActorRef<Free> replyTo) implements Message {}

    /** The node may go. */
    enum Free {
        FREE
    }

    private enum SupervisorSilent implements Message {
        SILENT
    }

    /** An epoch here, and who is to hear when it ends without having been retired. */
    private record Hosted(ActorRef<EpochHost.Event> host, ActorRef<NodeMessages.Reply> rollout) {}

    private enum RegisterAgain implements Message {
        TICK
    }

    private enum FetcherStopped implements Message {
        STOPPED
    }

    private final NodeSetup setup;
    private final TimerScheduler<Message> timers;
    private final ActorRef<LinkProbe.Command> probe;
    private final TetherHub tethers;
    private final EpochHost.Services services;
    private @Nullable NodeProcessor processor;
    private final Map<String, Double> rates = new HashMap<>();
    private final Set<String> unusable = new HashSet<>();
    private final Map<Long, Hosted> epochs = new TreeMap<>();
    private final Map<Long, Set<String>> tied = new HashMap<>();
    /** Epochs that are being freed, and what waits until they are. */
    private final Set<Long> retiring = new HashSet<>();

    private final List<Prepare> waiting = new ArrayList<>();
    private final long startedEpochMillis = System.currentTimeMillis();
    private long lastEpoch;
    /** Who waits for this node to be free, once it is to leave. */
    private @Nullable ActorRef<Free> leaver;

    /**
     * An agent, which measures its core groups and then registers.
     *
     * @param probe of this member
     * @param tethers of this member
     */
    public static Behavior<Message> create(NodeSetup setup, ActorRef<LinkProbe.Command> probe, TetherHub tethers) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new NodeAgent(context, timers, setup, probe, tethers)));
    }

    private NodeAgent(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            NodeSetup setup,
            ActorRef<LinkProbe.Command> probe,
            TetherHub tethers) {
        super(context);
        context.setLoggerName(NodeAgent.class);
        this.setup = setup;
        this.timers = timers;
        this.probe = probe;
        this.tethers = tethers;
        PieceStore store = new PieceStore(setup.directory());
        ActorRef<PieceFetcher.Command> fetcher =
                context.spawn(PieceFetcher.create(store, fetching(setup)), "pieces", DispatcherSelector.blocking());
        context.watchWith(fetcher, FetcherStopped.STOPPED);
        ShardBuilder builder = new ShardBuilder(store, setup.directory(), setup.name());
        builder.removeLeftovers();
        warnOfMissingProviders();
        this.services = new EpochHost.Services(setup, builder, fetcher, new SessionPool(), spawnCoreGroups());
        services.coreGroups().forEach(this::measure);
    }

    private void warnOfMissingProviders() {
        setup.offered().stream().filter(group -> !group.problem().isEmpty()).forEach(group -> getContext()
                .getLog()
                .warn("core group {} computes on CPUs: {}", group.spec().name(), group.problem()));
    }

    private static PieceFetcher.Settings fetching(NodeSetup setup) {
        PieceFetcher.Settings defaults = PieceFetcher.Settings.DEFAULT;
        return new PieceFetcher.Settings(
                setup.chunkBytes(), defaults.chunksInFlight(), defaults.deadline(), defaults.retries());
    }

    private Map<String, CoreGroupThreads> spawnCoreGroups() {
        Map<String, CoreGroupThreads> groups = new HashMap<>();
        for (CoreGroupSpec spec : setup.coreGroups()) {
            groups.put(spec.name(), CoreGroupThreads.spawn(getContext(), spec));
        }
        return Map.copyOf(groups);
    }

    private void measure(String group, CoreGroupThreads threads) {
        ActorRef<Message> self = getContext().getSelf();
        SessionSettings settings = SessionSettings.of(setup.coreGroup(group));
        threads.computing().tell(new CoreGroupActor.Execute(() -> {
            try {
                self.tell(new Measured(group, ReferenceWorkload.multiplyAddsPerSecond(settings)));
            } catch (RuntimeException e) {
                self.tell(new NotMeasured(group, String.valueOf(e.getMessage())));
            }
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Measured.class, this::onMeasured)
                .onMessage(NotMeasured.class, this::onNotMeasured)
                .onMessage(RegisterAgain.class, tick -> register())
                .onMessage(FetcherStopped.class, stopped -> onFetcherStopped())
                .onMessage(NameTaken.class, this::onNameTaken)
                .onMessage(Leave.class, this::onLeave)
                .onMessage(MustWait.class, wait -> awaitSupervisor())
                .onMessage(MayLeave.class, this::onMayLeave)
                .onMessage(SupervisorSilent.class, silent -> free("the supervisor does not answer"))
                .onMessage(Step.class, this::onStep)
                .onMessage(EpochEnded.class, this::onEpochEnded)
                .build();
    }

    private Behavior<Message> onMeasured(Measured measured) {
        rates.put(measured.group(), measured.multiplyAddsPerSecond());
        return registerWhenMeasured();
    }

    /** A node with some core groups that do not work offers the others. */
    private Behavior<Message> registerWhenMeasured() {
        if (rates.size() + unusable.size() < setup.coreGroups().size()) {
            return this;
        }
        if (rates.isEmpty()) {
            getContext().getLog().error("node {} does not register: no core group can be used", setup.name());
            return this;
        }
        timers.startTimerAtFixedRate(RegisterAgain.TICK, REGISTRATION_INTERVAL);
        return register();
    }

    private Behavior<Message> onNotMeasured(NotMeasured failure) {
        getContext()
                .getLog()
                .error("core group {} cannot be used, it was not measured: {}", failure.group(), failure.reason());
        unusable.add(failure.group());
        return registerWhenMeasured();
    }

    private Behavior<Message> register() {
        List<CoreGroup> groups = new ArrayList<>();
        for (CoreGroupSpec spec : setup.coreGroups()) {
            Double rate = rates.get(spec.name());
            if (rate != null) {
                CoreGroupId id = new CoreGroupId(setup.name(), spec.name());
                groups.add(new CoreGroup(
                        id,
                        spec.provider().provider().kind(),
                        spec.cpus(),
                        spec.threads(),
                        rate,
                        Optional.ofNullable(setup.power().get(spec.name()))));
            }
        }
        NodeReport report = new NodeReport(
                new Node(setup.name(), setup.memoryBytes(), groups, setup.nodePower())
                        .on(processor().now()),
                setup.version(),
                tethers.address(),
                lastEpoch,
                startedEpochMillis,
                leaver != null,
                providers());
        setup.supervisor()
                .tell(new SupervisorMessages.Register(
                        report,
                        getContext().getSelf().narrow(),
                        probe,
                        getContext().getSelf().narrow()));
        return this;
    }

    private List<GroupProvider> providers() {
        return setup.offered().stream()
                .map(group -> new GroupProvider(
                        group.spec().name(), group.spec().provider().provider().word(), group.problem()))
                .toList();
    }

    /** From the first registration on: what a member does before is not carrying. */
    private NodeProcessor processor() {
        NodeProcessor known = processor;
        if (known == null) {
            known = new NodeProcessor(
                    setup.name(), setup.coreGroups(), getContext().getSystem());
            processor = known;
        }
        return known;
    }

    /** Two nodes of one name would break each other's epochs: this one goes, and its process with it. */
    private Behavior<Message> onNameTaken(NameTaken taken) {
        getContext().getLog().error("node {} ends: {}", setup.name(), taken.reason());
        CoordinatedShutdown.get(getContext().getSystem()).runAll(REFUSED);
        return Behaviors.stopped();
    }

    /** A node that nobody knows has no work. */
    private Behavior<Message> onLeave(Leave leave) {
        leaver = leave.replyTo();
        if (!timers.isTimerActive(RegisterAgain.TICK)) {
            return free("");
        }
        awaitSupervisor();
        return register();
    }

    private Behavior<Message> awaitSupervisor() {
        timers.startSingleTimer(SupervisorSilent.SILENT, SILENCE);
        return this;
    }

    /** A supervisor that is new may not know of an epoch that is here. */
    private Behavior<Message> onMayLeave(MayLeave may) {
        return epochs.isEmpty() || !may.obstacle().isEmpty() ? free(may.obstacle()) : awaitSupervisor();
    }

    private Behavior<Message> free(String obstacle) {
        timers.cancel(SupervisorSilent.SILENT);
        if (leaver != null) {
            if (!obstacle.isEmpty() && !epochs.isEmpty()) {
                getContext().getLog().warn("node {} leaves before its work has moved: {}", setup.name(), obstacle);
            }
            leaver.tell(Free.FREE);
        }
        return this;
    }

    /** A node that can fetch nothing is of no use; the supervisor watches this actor and hears of it. */
    private Behavior<Message> onFetcherStopped() {
        getContext().getLog().error("node {} ends: pieces of models can no longer be fetched", setup.name());
        return Behaviors.stopped();
    }

    private Behavior<Message> onStep(Step step) {
        if (step instanceof Prepare prepare) {
            prepare(prepare);
        } else if (step instanceof Wire wire) {
            tie(wire);
            toHost(wire);
        } else {
            toHost(step);
        }
        return this;
    }

    /** What is being freed goes first: there may not be room for both. */
    private void prepare(Prepare prepare) {
        lastEpoch = Math.max(lastEpoch, prepare.epoch());
        if (!retiring.isEmpty()) {
            waiting.add(prepare);
        } else {
            begin(prepare);
        }
    }

    private void begin(Prepare prepare) {
        if (epochs.containsKey(prepare.epoch())) {
            prepare.replyTo().tell(new StepFailed(prepare.epoch(), setup.name(), "the epoch is already there"));
            return;
        }
        ActorRef<EpochHost.Event> host =
                getContext().spawn(EpochHost.create(services, prepare), "epoch-" + prepare.epoch());
        getContext().watchWith(host, new EpochEnded(prepare.epoch()));
        epochs.put(prepare.epoch(), new Hosted(host, prepare.replyTo()));
    }

    private void tie(Wire wire) {
        if (epochs.containsKey(wire.epoch())
                && tied.putIfAbsent(wire.epoch(), wire.tethers().keySet()) == null) {
            wire.tethers().forEach(tethers::connect);
        }
    }

    private void toHost(Step step) {
        Hosted hosted = epochs.get(step.epoch());
        if (hosted != null) {
            hosted.host().tell(new EpochHost.NextStep(step));
            if (step instanceof Retire) {
                retiring.add(step.epoch());
                epochs.put(
                        step.epoch(),
                        new Hosted(hosted.host(), getContext().getSystem().ignoreRef()));
            } else if (step instanceof Adopt adopt) {
                epochs.put(step.epoch(), new Hosted(hosted.host(), adopt.replyTo()));
            }
        } else if (step instanceof Retire) {
            waiting.removeIf(prepare -> prepare.epoch() == step.epoch());
            step.replyTo().tell(new Retired(step.epoch(), setup.name()));
        } else {
            step.replyTo().tell(new StepFailed(step.epoch(), setup.name(), "the epoch is not here"));
        }
    }

    private Behavior<Message> onEpochEnded(EpochEnded ended) {
        Optional.ofNullable(tied.remove(ended.epoch())).ifPresent(peers -> peers.forEach(tethers::release));
        retiring.remove(ended.epoch());
        Hosted hosted = epochs.remove(ended.epoch());
        if (hosted != null) {
            hosted.rollout()
                    .tell(new StepFailed(ended.epoch(), setup.name(), "it holds nothing of the epoch any more"));
        }
        if (retiring.isEmpty()) {
            List<Prepare> next = List.copyOf(waiting);
            waiting.clear();
            next.forEach(this::begin);
        }
        return this;
    }
}
