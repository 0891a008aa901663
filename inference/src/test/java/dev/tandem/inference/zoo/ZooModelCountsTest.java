package dev.tandem.inference.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts come from the graph alone: no weight is drawn, so the giants are as quick as the rest. */
class ZooModelCountsTest {

    private static final ZooOptions DEFAULTS = ZooOptions.defaults();

    /**
     * num_params and _ops (billions of multiply-adds, called GFLOPS in the documentation) from the metadata of torchvision's
     * IMAGENET1K_V1 weights. Parameters agree to the last one.
     */
    @ParameterizedTest
    @CsvSource({
        "resnet-18, 11689512, 1.814",
        "resnet-50, 25557032, 4.089",
        "resnet-152, 60192808, 11.514",
        "vgg-13, 133047848, 11.308",
        "vgg-16, 138357544, 15.470",
        "vgg-19, 143667240, 19.632",
        "mobilenet-v2, 3504872, 0.301",
        "mobilenet-v3-large, 5483032, 0.217",
        "efficientnet-b0, 5288548, 0.386",
        "efficientnet-b1, 7794184, 0.687",
        "densenet-121, 7978856, 2.834",
    })
    void hasTheParametersAndWorkThatTorchvisionDocuments(String name, long parameters, double billions) {
        ZooCounts counts = model(name).count(DEFAULTS);

        assertThat(counts.parameters()).isEqualTo(parameters);
        assertThat(counts.weightMultiplyAdds() / 1e9).isCloseTo(billions, withinPercentage(1));
    }

    /**
     * Torchvision documents 27,161,264 parameters with the auxiliary head: a 1x1 convolution 768 to 128, a 5x5 one 128 to
     * 768, their BatchNorms, and a dense layer 768 to 1000. Its 5.713 billion multiply-adds are of inference, without it.
     */
    @Test
    void inceptionV3HasTorchvisionsFiguresLessTheAuxiliaryHead() {
        long auxiliary = 768 * 128 + 2 * 128 + 128 * 25 * 768 + 2 * 768 + 768 * 1000 + 1000;

        ZooCounts counts = model("inception-v3").count(DEFAULTS);

        assertThat(counts.parameters()).isEqualTo(27_161_264 - auxiliary);
        assertThat(counts.weightMultiplyAdds() / 1e9).isCloseTo(5.713, withinPercentage(1));
    }

    /**
     * Millions of parameters and multiply-adds from research/slim/nets/mobilenet_v1.md of TensorFlow's models (1001
     * classes; these have 1000), except the work at width 0.75: there slim prints 317, but the layer table in its
     * mobilenet_v1.py adds up to 325, which the paper prints too (arXiv:1704.04861, table 6).
     */
    @ParameterizedTest
    @CsvSource({
        "mobilenet-v1-1.0, 4.24, 569",
        "mobilenet-v1-0.75, 2.59, 325",
        "mobilenet-v1-0.5, 1.34, 150",
        "mobilenet-v1-0.25, 0.47, 41",
    })
    void mobileNetV1HasThePublishedParametersAndWork(String name, double millionParameters, double millions) {
        ZooCounts counts = model(name).count(DEFAULTS);

        assertThat(counts.parameters() / 1e6).isCloseTo(millionParameters, withinPercentage(1));
        assertThat(counts.weightMultiplyAdds() / 1e6).isCloseTo(millions, withinPercentage(1));
    }

    /** 55.8 million parameters and 13.2 GMACs at 299 x 299 in timm's card of inception_resnet_v2.tf_ens_adv_in1k. */
    @Test
    void inceptionResNetV2HasThePublishedParametersAndWork() {
        ZooCounts counts = model("inception-resnet-v2").count(DEFAULTS);

        assertThat(counts.parameters() / 1e6).isCloseTo(55.8, withinPercentage(1));
        assertThat(counts.weightMultiplyAdds() / 1e9).isCloseTo(13.2, withinPercentage(1));
    }

    /**
     * 5.72 million parameters and 1.08 billion multiply-adds in mmpretrain's configs/deit/metafile.yml (DeiT-tiny, the same
     * graph). That count leaves the two products of self-attention out, which are counted here apart: 12 blocks of twice
     * 197 x 197 tokens x 192 features.
     */
    @Test
    void vitTinyHasThePublishedParametersAndWork() {
        ZooCounts counts = model("vit-tiny").count(DEFAULTS);

        assertThat(counts.parameters() / 1e6).isCloseTo(5.72, withinPercentage(1));
        assertThat(counts.weightMultiplyAdds() / 1e9).isCloseTo(1.08, withinPercentage(1));
        assertThat(counts.attentionMultiplyAdds()).isEqualTo(12L * 2 * 197 * 197 * 192);
        assertThat(counts.multiplyAdds()).isEqualTo(counts.weightMultiplyAdds() + counts.attentionMultiplyAdds());
    }

    @ParameterizedTest
    @EnumSource
    void publishedFiguresOfTheRegistryAgreeWithItsGraph(ZooModel model) {
        ZooCounts counts = model.count(DEFAULTS);

        model.published().ifPresent(published -> {
            assertThat(counts.parameters()).isCloseTo(published.parameters(), withinPercentage(1));
            assertThat(counts.weightMultiplyAdds()).isCloseTo(published.multiplyAdds(), withinPercentage(1));
            assertThat(published.source()).isNotBlank();
        });
        assertThat(model.published().isPresent()).isNotEqualTo(model == ZooModel.TANDEM_MINI);
    }

    @Test
    void tandemMiniStaysSmall() {
        ZooCounts counts = ZooModel.TANDEM_MINI.count(DEFAULTS);

        assertThat(counts.weightBytes()).isLessThan(1_000_000);
        assertThat(counts.multiplyAdds()).isBetween(50_000_000L, 150_000_000L);
    }

    @ParameterizedTest
    @EnumSource
    void workGrowsWithTheBatchAndParametersDoNot(ZooModel model) {
        ZooCounts one = model.count(DEFAULTS);
        ZooCounts three = model.count(DEFAULTS.withBatch(3));

        assertThat(three.multiplyAdds()).isEqualTo(3 * one.multiplyAdds());
        assertThat(three.parameters()).isEqualTo(one.parameters());
    }

    @Test
    void findsModelsByTheirExactNameOnly() {
        assertThat(ZooModel.names()).hasSize(ZooModel.values().length).doesNotHaveDuplicates();
        assertThat(ZooModel.names())
                .allSatisfy(name -> assertThat(model(name).modelName()).isEqualTo(name));
        assertThat(ZooModel.named("resnet18")).isEmpty();
        assertThat(ZooModel.named("ResNet-18")).isEmpty();
    }

    @Test
    void givesTheInputShape() {
        assertThat(ZooModel.EFFICIENTNET_B1.inputShape(DEFAULTS)).containsExactly(1L, 3L, 240L, 240L);
        assertThat(ZooModel.EFFICIENTNET_B1.inputShape(DEFAULTS.withBatch(2).withResolution(128)))
                .containsExactly(2L, 3L, 128L, 128L);
    }

    @Test
    void refusesAResolutionInWhichAWindowDoesNotFit() {
        assertThatThrownBy(() -> ZooModel.INCEPTION_V3.count(DEFAULTS.withResolution(40)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be at least as large as the window (3 x 3)")
                .hasMessageContaining("Maybe use a greater resolution");
    }

    @Test
    void refusesAResolutionThatCutsAPatch() {
        assertThatThrownBy(() -> ZooModel.VIT_TINY.count(DEFAULTS.withResolution(100)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resolution (100) must be a multiple of the patch of 16 pixels. Maybe use 96.");
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> DEFAULTS.withBatch(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch (0) must be between 1 and 4096.");
        assertThatThrownBy(() -> DEFAULTS.withResolution(5000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resolution (5000) must be between 1 and 4096.");
    }

    private static ZooModel model(String name) {
        return ZooModel.named(name).orElseThrow();
    }
}
