package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.actors.node.CarryingMeter.Sample;
import dev.tandem.actors.transport.FrameTraffic;
import dev.tandem.core.topology.Carrying;
import org.junit.jupiter.api.Test;

/** Intervals of half a second; frames of 1 MB take 1 ms each by the preset. */
class CarryingMeterTest {

    private static final Carrying PRESET = new Carrying(1e-3, 0.5e-3, 0.5e-9);
    private static final long HALF_A_SECOND = 500_000_000;

    private long nanos;
    private long carrierNanos;
    private long frames;

    private final CarryingMeter meter = new CarryingMeter(PRESET, sample());

    @Test
    void saysThePresetUntilEnoughWasCarried() {
        interval(100, 300);
        interval(100, 300);
        interval(19, 300);

        assertThat(meter.carrying()).isEqualTo(PRESET);
    }

    @Test
    void scalesThePresetByWhatFramesTook() {
        interval(100, 300);
        interval(200, 600);
        interval(100, 300);

        assertThat(meter.carrying().secondsPerByte()).isCloseTo(3 * 0.5e-9, within(1e-15));
    }

    @Test
    void leavesOutWhatAnIdleMemberTakes() {
        interval(0, 200);
        interval(0, 50);
        interval(0, 120);
        for (int time = 0; time < 3; time++) {
            interval(100, 50 + 200);
        }

        assertThat(meter.carrying().secondsPerFrame()).isCloseTo(2 * 0.5e-3, within(1e-12));
    }

    @Test
    void isNotMovedByAnInterruption() {
        for (int time = 0; time < 6; time++) {
            interval(100, time == 3 ? 20_000 : 200);
        }

        assertThat(meter.carrying().secondsPerFrame()).isCloseTo(2 * 0.5e-3, within(1e-12));
    }

    @Test
    void followsTheNode() {
        for (int time = 0; time < 20; time++) {
            interval(100, 200);
        }
        for (int time = 0; time < 20; time++) {
            interval(100, 400);
        }

        assertThat(meter.carrying().secondsPerRequest()).isCloseTo(4 * 1e-3, within(1e-12));
    }

    private void interval(long moreFrames, long carrierMillis) {
        nanos += HALF_A_SECOND;
        frames += moreFrames;
        carrierNanos += carrierMillis * 1_000_000;
        meter.add(sample());
    }

    private Sample sample() {
        return new Sample(nanos, carrierNanos, new FrameTraffic(frames, frames * 1_000_000));
    }
}
