package dev.tandem.harness.experiment.wire;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.node.GatewayMember;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * A member of a cluster, with the settings of every member, in which the ends of edges run where shards would: under the
 * node's agent, which is what decides over the channel that frames take, and on the dispatcher of shards.
 */
final class WireMember {

    private static final int PORT = 7355;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String AGENT = "node-agent";

    private final GatewayMember member;
    private final TransportSettings transport;
    private final ActorRef<SpawnProtocol.Command> agent;

    private WireMember(GatewayMember member, TransportSettings transport) {
        this.member = member;
        this.transport = transport;
        this.agent = member.spawn(SpawnProtocol.create(), AGENT, Props.empty());
    }

    /**
     * Starts a member at this address; it is up when this returns.
     *
     * @param seed address of the member to join; empty: make a cluster
     */
    static WireMember start(String address, Optional<String> seed) {
        Config overrides = ConfigFactory.parseMap(
                Map.of(
                        "tandem.network.host",
                        address,
                        "tandem.network.port",
                        PORT,
                        "tandem.network.seeds",
                        seed.map(host -> List.of(host + ":" + PORT)).orElse(List.of())),
                "the wire experiment");
        LoadedSettings loaded = SettingsLoader.load(Optional.empty(), overrides);
        GatewayMember member = GatewayMember.start(loaded, BuildVersion.text());
        return new WireMember(member, loaded.settings().transport());
    }

    /** A stream as this member's settings have it. */
    PieceStream stream(long epoch, int pieceBytes) {
        return new PieceStream(epoch, pieceBytes, transport.window());
    }

    /** Makes the consumer of a stream that comes from the member at another address. */
    ActorRef<DataMessage> consume(PieceStream stream, Interval interval, String from) {
        return spawn(WireConsumer.create(stream, interval, remote(from, producerName(stream))), consumerName(stream));
    }

    /** Sends a stream to its consumer in the member at another address; completes with the bytes sent and credited. */
    CompletableFuture<Long> produce(PieceStream stream, Duration time, String to) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        ActorRef<DataMessage> consumer = remote(to, consumerName(stream));
        spawn(
                WireProducer.create(stream, Math.toIntExact(transport.frameBytes()), consumer, time, done),
                producerName(stream));
        return done;
    }

    /** Ends a consumer and returns what it has seen. */
    WireConsumer.Outcome finish(ActorRef<DataMessage> consumer) {
        CompletionStage<WireConsumer.Outcome> outcome = AskPattern.ask(
                consumer, WireConsumer.Finish::new, TIMEOUT, member.system().scheduler());
        return outcome.toCompletableFuture().join();
    }

    private ActorRef<DataMessage> spawn(Behavior<DataMessage> behavior, String name) {
        CompletionStage<ActorRef<DataMessage>> spawned = AskPattern.ask(
                agent,
                replyTo -> new SpawnProtocol.Spawn<>(
                        behavior, name, DispatcherSelector.fromConfig("tandem-dispatchers.data"), replyTo),
                TIMEOUT,
                member.system().scheduler());
        return spawned.toCompletableFuture().join();
    }

    private ActorRef<DataMessage> remote(String address, String name) {
        return ActorRefResolver.get(member.system())
                .resolveActorRef("pekko://" + member.system().name() + "@" + address + ":" + PORT + "/user/" + AGENT
                        + "/" + name);
    }

    private static String producerName(PieceStream stream) {
        return "producer-" + stream.epoch();
    }

    private static String consumerName(PieceStream stream) {
        return "consumer-" + stream.epoch();
    }
}
