package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.PieceSource.FetchChunk;
import dev.tandem.core.region.Region;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.remote.artery.ArterySettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportSettingsTest {

    private final TestNodes nodes = new TestNodes();

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    @Test
    void standsAboveTheDefaultsOfPekko() {
        Config settings = TransportSettings.system(ConfigFactory.empty());

        assertThat(settings.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
        assertThat(settings.getInt("pekko.remote.artery.advanced.inbound-lanes"))
                .isEqualTo(1);
        assertThat(settings.getDuration("pekko.cluster.split-brain-resolver.stable-after"))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.getBytes("pekko.remote.artery.advanced.maximum-large-frame-size"))
                .isGreaterThan(TransportSettings.MAX_FRAME_BYTES + 100_000);
    }

    /** What is sent to a node that was restarted must not depend on tables of the node before. */
    @Test
    void carriesNamesWithEveryMessage() {
        var artery = new ArterySettings(
                TransportSettings.system(ConfigFactory.empty()).getConfig("pekko.remote.artery"));

        assertThat(artery.Advanced().Compression().Enabled()).isFalse();
    }

    @Test
    void standsBelowTheSettingsOfTheUser() {
        Config settings = TransportSettings.system(
                ConfigFactory.parseString("pekko.cluster.split-brain-resolver.stable-after = 9 s"));

        assertThat(settings.getDuration("pekko.cluster.split-brain-resolver.stable-after"))
                .isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void bindsFramesAndChunksToTheirSerializers() {
        SerializationTestKit kit =
                new SerializationTestKit(nodes.start("tandem").system());
        FrameHeader header = FrameHeader.of(new Route(1, 2, 3), new RequestId(4, 5), 6, 7, Region.rows(8, 9));

        TensorFrame frame = kit.verifySerialization(TensorFrame.failed(header, "why"), false);
        Chunk chunk = kit.verifySerialization(new Chunk("ab".repeat(32), 3, new byte[] {1, 2}, 5), false);
        kit.verifySerialization(new Credit(new Route(5, 0, 1), 17), true);

        assertThat(frame.reason()).isEqualTo("why");
        assertThat(chunk.bytes()).containsExactly(1, 2);
        assertThat(chunk.total()).isEqualTo(5);
    }

    @Test
    void carriesEveryMessageBetweenFetcherAndSource() {
        ActorTestKit kit = nodes.start("tandem");
        SerializationTestKit serialization = new SerializationTestKit(kit.system());
        ActorRef<ChunkReply> fetcher =
                kit.<ChunkReply>createTestProbe("fetcher").ref();

        serialization.verifySerialization(new FetchChunk(3, "ab".repeat(32), 1, 2, fetcher), true);
        serialization.verifySerialization(new NoSuchPiece(3, "ab".repeat(32), "why"), true);

        assertThat(PieceSource.Command.class.getPermittedSubclasses()).containsExactly(FetchChunk.class);
        assertThat(ChunkReply.class.getPermittedSubclasses()).containsExactly(Chunk.class, NoSuchPiece.class);
    }

    @Test
    void doesNotWaitLongForASuccessorWhenTheOnlyNodeEnds() {
        ActorTestKit kit = nodes.start("tandem");
        TestProbe<String> started = kit.createTestProbe("started");
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        ClusterSingleton.get(kit.system())
                .init(SingletonActor.of(
                        Behaviors.<Void>setup(context -> {
                            started.ref().tell("singleton");
                            return Behaviors.empty();
                        }),
                        "singleton"));
        started.receiveMessage(Duration.ofSeconds(30));

        kit.system().terminate();

        // Pekko's own setting makes it 10 s and more.
        assertThat(kit.system().getWhenTerminated()).succeedsWithin(Duration.ofSeconds(6));
    }

    @Test
    void startsEachCoreGroupOnAThreadOfItsOwn() {
        ActorTestKit kit = nodes.start("tandem");

        assertThat(kit.system()
                        .dispatchers()
                        .lookup(dispatcher("tandem-dispatchers.core-group"))
                        .toString())
                .contains("PinnedDispatcher");
        assertThat(kit.system()
                        .dispatchers()
                        .lookup(dispatcher("tandem-dispatchers.data"))
                        .toString())
                .contains("tandem-dispatchers.data");
    }

    private static DispatcherSelector dispatcher(String path) {
        return DispatcherSelector.fromConfig(path);
    }
}
