package dev.tandem.actors.node;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.node.NodeMessages.Adopt;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Prepared;
import dev.tandem.actors.node.NodeMessages.Reply;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.node.NodeMessages.Retired;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.node.NodeMessages.Wired;
import dev.tandem.actors.node.ShardBuilder.BuiltShard;
import dev.tandem.actors.node.ShardBuilder.BuiltShards;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.shard.ShardActor;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceFetcher;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.inference.runtime.SessionPool;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * One epoch on one node: fetches what the node's shards need, opens and warms them, connects them, and frees everything
 * again when the epoch is retired.
 */
final class EpochHost extends AbstractBehavior<EpochHost.Event> {

    /** What an epoch's host hears of. */
    sealed interface Event {}

    /** A step after the first one. */
    record NextStep(NodeMessages.Step step) implements Event {}

    private record FetchReported(PieceFetcher.Report report) implements Event {}

    private record Built(BuiltShards shards) implements Event {}

    private record NotBuilt(String reason) implements Event {}

    private record ShardStopped(ActorRef<DataMessage> shard) implements Event {}

    private record ShardOpened(ShardActor.Opened opened) implements Event {}

    private record OwnerGone(ActorRef<Reply> owner) implements Event {}

    private record ClaimAnswered(GatewayMessages.Claimed answer) implements Event {}

    private enum NobodyLeft implements Event {
        NOBODY_LEFT
    }

    /** What the host uses of its node. */
    record Services(
            NodeSetup setup,
            ShardBuilder builder,
            ActorRef<PieceFetcher.Command> fetcher,
            SessionPool sessions,
            Map<String, CoreGroupThreads> coreGroups) {}

    private record Address(int lane, Endpoint endpoint) {}

    private final Services services;
    private final Prepare order;
    private final ShardOpener opener;
    private final ActorRef<PieceFetcher.Report> fetchReports;
    private final ActorRef<ShardActor.Opened> openReports;
    private final ActorRef<GatewayMessages.Claimed> claimAnswers;
    private final Map<Address, ActorRef<DataMessage>> shards = new HashMap<>();
    private final Set<ActorRef<DataMessage>> alive = new HashSet<>();
    private final Set<Address> opening = new HashSet<>();
    private @Nullable BuiltShards built;
    private final List<Retire> retiring = new ArrayList<>();
    /** Who hears of this epoch: its rollout, or that of a supervisor that has taken over. */
    private ActorRef<Reply> owner;

    private @Nullable ActorRef<DataMessage> gateway;
    private @Nullable String failure;
    private boolean building;

    static Behavior<Event> create(Services services, Prepare order) {
        return Behaviors.setup(context -> new EpochHost(context, services, order));
    }

    private EpochHost(ActorContext<Event> context, Services services, Prepare order) {
        super(context);
        context.setLoggerName(EpochHost.class);
        this.services = services;
        this.order = order;
        this.opener = new ShardOpener(services.setup(), services.sessions(), services.coreGroups(), order);
        this.fetchReports = context.messageAdapter(PieceFetcher.Report.class, FetchReported::new);
        this.openReports = context.messageAdapter(ShardActor.Opened.class, ShardOpened::new);
        this.claimAnswers = context.messageAdapter(GatewayMessages.Claimed.class, ClaimAnswered::new);
        this.owner = order.replyTo();
        context.watchWith(owner, new OwnerGone(owner));
        fetch(List.of(order.manifest().skeleton(), order.manifest().graph()));
    }

    @Override
    public Receive<Event> createReceive() {
        return newReceiveBuilder()
                .onMessage(FetchReported.class, event -> onFetchReport(event.report()))
                .onMessage(Built.class, this::onBuilt)
                .onMessage(NotBuilt.class, this::onNotBuilt)
                .onMessage(ShardOpened.class, event -> onShardOpened(event.opened()))
                .onMessage(NextStep.class, event -> onStep(event.step()))
                .onMessage(ShardStopped.class, this::onShardStopped)
                .onMessage(OwnerGone.class, this::onOwnerGone)
                .onMessage(ClaimAnswered.class, event -> onClaimAnswered(event.answer()))
                .onMessage(NobodyLeft.class, event -> onNobodyLeft())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private void fetch(List<PieceRef> pieces) {
        services.fetcher().tell(new PieceFetcher.Fetch(order.epoch(), pieces, order.source(), fetchReports));
    }

    private Behavior<Event> onFetchReport(PieceFetcher.Report report) {
        if (!retiring.isEmpty()) {
            return this;
        }
        if (report instanceof PieceFetcher.FetchFailed failed) {
            return fail(failed.reason());
        } else if (report instanceof PieceFetcher.Fetched) {
            if (built == null) {
                build();
            } else {
                openAll(built.shards());
            }
        }
        return this;
    }

    private void build() {
        building = true;
        ShardBuilder builder = services.builder();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> builder.build(order),
                                getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking())),
                        (shards, failure) ->
                                failure == null ? new Built(shards) : new NotBuilt(FailureText.of(failure)));
    }

    private Behavior<Event> onNotBuilt(NotBuilt event) {
        building = false;
        fail(event.reason());
        return stopWhenFree();
    }

    private Behavior<Event> onBuilt(Built event) {
        building = false;
        built = event.shards();
        if (retiring.isEmpty()) {
            fetch(event.shards().weights());
            return this;
        }
        return stopWhenFree();
    }

    private void openAll(List<BuiltShard> all) {
        try {
            all.forEach(this::open);
            tellWhenPrepared();
        } catch (RuntimeException e) {
            fail("its shards cannot be made: " + e.getMessage());
        }
    }

    private void open(BuiltShard shard) {
        Address address = new Address(shard.lane(), shard.endpoint());
        ActorRef<DataMessage> actor =
                opener.open(getContext(), shard, Objects.requireNonNull(built).graph(), openReports);
        getContext().watchWith(actor, new ShardStopped(actor));
        shards.put(address, actor);
        alive.add(actor);
        opening.add(address);
    }

    private Behavior<Event> onShardOpened(ShardActor.Opened opened) {
        if (opened instanceof ShardActor.NotOpened refused) {
            return fail("shard " + refused.shard() + " cannot be opened: " + refused.reason());
        }
        ShardActor.Ready ready = (ShardActor.Ready) opened;
        opening.remove(new Address(ready.lane(), ready.shard()));
        tellWhenPrepared();
        return this;
    }

    private void tellWhenPrepared() {
        if (opening.isEmpty() && retiring.isEmpty()) {
            List<ShardRef> refs = new ArrayList<>();
            shards.forEach((address, ref) -> refs.add(new ShardRef(address.lane(), address.endpoint(), ref)));
            owner.tell(new Prepared(order.epoch(), services.setup().name(), refs));
        }
    }

    private Behavior<Event> onStep(NodeMessages.Step step) {
        if (step instanceof Wire wire) {
            wire(wire);
        } else if (step instanceof Adopt adopt) {
            adopt(adopt);
        } else if (step instanceof Retire retire) {
            return retire(retire);
        }
        return this;
    }

    private Behavior<Event> retire(Retire retire) {
        boolean first = retiring.isEmpty();
        retiring.add(retire);
        if (first) {
            services.fetcher().tell(new PieceFetcher.Cancel(order.epoch()));
            alive.forEach(shard -> shard.tell(ShardActor.Stop.STOP));
        }
        return stopWhenFree();
    }

    private void adopt(Adopt adopt) {
        getContext().unwatch(owner);
        owner = adopt.replyTo();
        getContext().watchWith(owner, new OwnerGone(owner));
        if (failure != null) {
            owner.tell(new StepFailed(order.epoch(), services.setup().name(), failure));
        } else if (gateway == null || !retiring.isEmpty()) {
            owner.tell(new StepFailed(order.epoch(), services.setup().name(), "its shards do not serve"));
        } else {
            owner.tell(new Wired(order.epoch(), services.setup().name()));
        }
    }

    /** An epoch that is connected is its gateway's, which may not have heard of it when its rollout ends. */
    private Behavior<Event> onOwnerGone(OwnerGone gone) {
        if (!gone.owner().equals(owner) || !retiring.isEmpty()) {
            return this;
        } else if (gateway == null) {
            return onNobodyLeft();
        }
        gateway.tell(new GatewayMessages.Claim(order.epoch(), claimAnswers));
        return this;
    }

    private Behavior<Event> onClaimAnswered(GatewayMessages.Claimed answer) {
        return answer.isHeld() || !retiring.isEmpty() ? this : onNobodyLeft();
    }

    /** Before it is connected an epoch is for its rollout, then for its gateway; without it nobody would free it. */
    private Behavior<Event> onNobodyLeft() {
        getContext().getLog().info("epoch {} is freed: who it was for has stopped", order.epoch());
        return retire(new Retire(order.epoch(), getContext().getSystem().ignoreRef()));
    }

    private void wire(Wire wire) {
        if (!retiring.isEmpty() || shards.isEmpty() || !opening.isEmpty()) {
            wire.replyTo().tell(new StepFailed(order.epoch(), services.setup().name(), "its shards are not open"));
            return;
        }
        gateway = wire.gateway();
        getContext().watchWith(wire.gateway(), NobodyLeft.NOBODY_LEFT);
        shards.forEach((address, shard) -> {
            Map<Endpoint, ActorRef<DataMessage>> peers = new HashMap<>();
            peers.put(Endpoint.GATEWAY, wire.gateway());
            wire.shards().stream()
                    .filter(peer -> peer.lane() == address.lane())
                    .forEach(peer -> peers.put(peer.shard(), peer.ref()));
            shard.tell(new ShardActor.Connect(Map.copyOf(peers)));
        });
        wire.replyTo().tell(new Wired(order.epoch(), services.setup().name()));
    }

    private Behavior<Event> onShardStopped(ShardStopped stopped) {
        alive.remove(stopped.shard());
        if (retiring.isEmpty()) {
            fail("a shard has stopped: " + stopped.shard().path().name());
        }
        return stopWhenFree();
    }

    /** The first reason is told: what follows from it says less. */
    private Behavior<Event> fail(String reason) {
        if (failure == null) {
            failure = reason;
            owner.tell(new StepFailed(order.epoch(), services.setup().name(), reason));
        }
        return this;
    }

    private Behavior<Event> stopWhenFree() {
        if (retiring.isEmpty() || building || !alive.isEmpty()) {
            return this;
        }
        deleteModels();
        Reply retired = new Retired(order.epoch(), services.setup().name());
        retiring.forEach(retire -> retire.replyTo().tell(retired));
        return Behaviors.stopped();
    }

    /** Also when the node stops with epochs on it; the shards have stopped before. */
    private Behavior<Event> onPostStop() {
        deleteModels();
        return this;
    }

    private void deleteModels() {
        if (built != null) {
            built.shards().forEach(this::deleteModel);
        }
    }

    private void deleteModel(BuiltShard shard) {
        try {
            Files.deleteIfExists(shard.model());
        } catch (IOException e) {
            getContext().getLog().warn("{} is left behind: {}", shard.model(), e.toString());
        }
    }
}
