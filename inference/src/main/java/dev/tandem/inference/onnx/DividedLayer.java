package dev.tandem.inference.onnx;

import java.util.List;

/**
 * A dense layer whose weights are too large for one layer of a plan. Its output channels are dealt to several layers of the
 * same operator, each with its columns of the weights and of the bias, and a Concat puts their outputs together: every
 * output is still the same sum of products. Plans can then put the parts into different stages.
 *
 * @param name of the layer as the model has it, now the name of the Concat
 * @param operator of the layer and of its parts
 * @param weightBytes of the undivided weights
 * @param mostBytes bound above which dense layers are divided, and most weights of a part
 * @param parts names of the layers that it became, in the order of their channels
 */
public record DividedLayer(String name, String operator, long weightBytes, long mostBytes, List<String> parts) {

    public DividedLayer {
        parts = List.copyOf(parts);
    }

    /** The layers of a package that were divided when it was folded; none where that is not known. */
    public static List<DividedLayer> of(ModelPackage folded) {
        return FoldManifest.read(folded.directory()).map(FoldManifest::divided).orElse(List.of());
    }
}
