package dev.tandem.harness.experiment.share;

import dev.tandem.core.variant.ModelFamily;
import dev.tandem.core.variant.Variant;
import java.util.List;

/**
 * MobileNetV1 at several widths, resolutions and precisions, with their published multiply-adds and accuracies on ImageNet.
 * Images travel as pixels of three bytes.
 */
final class MobileNetVariants {

    static final ModelFamily FAMILY = new ModelFamily(
            "ImageNet",
            List.of(
                    variant("1.0", 0.709, 569, 224),
                    variant("0.75", 0.684, 317, 224),
                    variant("0.50", 0.633, 150, 224),
                    variant("0.25", 0.498, 41, 224),
                    variant("1.0 int8", 0.697, 569, 224),
                    variant("0.75 int8", 0.679, 317, 224),
                    variant("0.50 int8", 0.622, 150, 224),
                    variant("0.25 int8", 0.482, 41, 224),
                    variant("1.0 at 192", 0.700, 418, 192),
                    variant("1.0 at 160", 0.680, 291, 160),
                    variant("1.0 at 128", 0.652, 186, 128)));

    private static final String INT8 = "int8";

    private MobileNetVariants() {}

    static boolean isQuantised(Variant variant) {
        return variant.name().endsWith(INT8);
    }

    private static Variant variant(String name, double top1, long millionMultiplyAdds, int resolution) {
        return new Variant(
                name,
                top1,
                "tensorflow/models, research/slim/nets/mobilenet_v1.md",
                millionMultiplyAdds * 1_000_000,
                3L * resolution * resolution);
    }
}
