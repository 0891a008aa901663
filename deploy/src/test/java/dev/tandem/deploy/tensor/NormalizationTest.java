package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.tensor.Normalization.ChannelOrder;
import dev.tandem.deploy.tensor.Normalization.Preset;
import org.junit.jupiter.api.Test;

class NormalizationTest {

    @Test
    void keepsTheFiguresOfEveryColourInTheOtherOrder() {
        Normalization rgb = Preset.IMAGENET.normalization();

        Normalization bgr = rgb.in(ChannelOrder.BGR);

        assertThat(bgr.order()).isEqualTo(ChannelOrder.BGR);
        assertThat(bgr.mean()).containsExactly(103.53, 116.28, 123.675);
        assertThat(bgr.apply(0, 200)).isEqualTo(rgb.apply(2, 200));
        assertThat(bgr.apply(2, 200)).isEqualTo(rgb.apply(0, 200));
    }

    @Test
    void leavesOneFigureForAllAndTheOwnOrderAlone() {
        assertThat(Preset.UNIT.normalization().in(ChannelOrder.BGR).mean()).containsExactly(0.0);
        assertThat(Preset.CAFFE.normalization().in(ChannelOrder.BGR)).isEqualTo(Preset.CAFFE.normalization());
    }
}
