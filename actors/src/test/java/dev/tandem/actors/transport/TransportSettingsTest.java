package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.core.region.Region;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
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

        assertThat(frame.reason()).isEqualTo("why");
        assertThat(chunk.bytes()).containsExactly(1, 2);
        assertThat(chunk.total()).isEqualTo(5);
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

    private static org.apache.pekko.actor.typed.DispatcherSelector dispatcher(String path) {
        return org.apache.pekko.actor.typed.DispatcherSelector.fromConfig(path);
    }
}
