package dev.tandem.inference.profile;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.inference.runtime.SessionSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Times a model that computes next to nothing: what is left is the call into the runtime. */
final class CallTimer {
    private static final TimedRuns RUNS = new TimedRuns(200, 2000, 0.1);
    private static final int IR_VERSION = 8;
    private static final int OPSET = 13;

    private CallTimer() {}

    static double seconds(SessionSettings settings) {
        try {
            Path file = Files.createTempFile("tandem-call", ".onnx");
            try {
                Files.write(file, model().toByteArray());
                try (SegmentTimer.Opened opened = SegmentTimer.Opened.of(file, settings)) {
                    // The first hundreds of calls are slow in a young virtual machine.
                    Timing warmUp = opened.time(RUNS);
                    return Math.min(warmUp.medianSeconds(), opened.time(RUNS).medianSeconds());
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a model to the temporary folder", e);
        }
    }

    private static ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(GraphProto.newBuilder()
                        .setName("call")
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Relu")
                                .addInput("x")
                                .addOutput("y"))
                        .addInput(scalar("x"))
                        .addOutput(scalar("y")))
                .build();
    }

    private static ValueInfoProto scalar(String name) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
