package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;

/** Versions of operators that a model is written in. */
public final class Opsets {

    private Opsets() {}

    /** Version of the standard operators; 1 where the model names none. */
    public static long standard(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(opset -> GraphTensors.canonicalDomain(opset.getDomain()).isEmpty())
                .mapToLong(OperatorSetIdProto::getVersion)
                .max()
                .orElse(1);
    }
}
