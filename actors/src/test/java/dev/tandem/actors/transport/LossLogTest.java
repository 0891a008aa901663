package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.core.region.Region;
import org.junit.jupiter.api.Test;

class LossLogTest {

    private final LossLog log = new LossLog();

    @Test
    void tellsTheFirstLossAtOnceAndTheOthersOfASecondInOneLine() {
        assertThat(log.lost(frame(1)).orElseThrow()).contains("epoch 3 lane 0 edge 0 sequence 1", "queue is full");

        assertThat(log.lost(frame(2))).isEmpty();
        assertThat(log.lost(frame(3))).isEmpty();

        assertThat(log.secondEnded().orElseThrow()).startsWith("2 more frames").contains("sequence 3");
        assertThat(log.lost(frame(4))).isEmpty();
        assertThat(log.secondEnded().orElseThrow()).startsWith("1 more frames");
    }

    @Test
    void tellsAtOnceAgainAfterASecondWithoutALoss() {
        log.lost(frame(1));

        assertThat(log.secondEnded()).isEmpty();

        assertThat(log.lost(frame(2))).isPresent();
    }

    private static FrameLoss.Lost frame(long sequence) {
        FrameHeader header = FrameHeader.of(new Route(3, 0, 0), RequestId.random(), sequence, 0, Region.WHOLE);
        return new FrameLoss.Lost(header, "shard-0", "queue is full");
    }
}
