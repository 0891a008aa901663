package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Replaces attributes of ONNX nodes by name; {@link dev.tandem.inference.graph.NodeAttributes} reads them. */
final class Attributes {

    private Attributes() {}

    static void remove(NodeProto.Builder node, String name) {
        for (int index = node.getAttributeCount() - 1; index >= 0; index--) {
            if (node.getAttribute(index).getName().equals(name)) {
                node.removeAttribute(index);
            }
        }
    }

    static void set(NodeProto.Builder node, String name, List<Long> values) {
        remove(node, name);
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values));
    }

    static void set(NodeProto.Builder node, String name, long value) {
        remove(node, name);
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value));
    }
}
