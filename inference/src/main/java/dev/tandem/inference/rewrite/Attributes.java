package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.NodeProtoOrBuilder;
import java.util.List;
import java.util.Optional;

/** Attributes of ONNX nodes, read and replaced by name. */
final class Attributes {

    private Attributes() {}

    static Optional<AttributeProto> find(NodeProtoOrBuilder node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    static long integer(NodeProtoOrBuilder node, String name, long absent) {
        return find(node, name).map(AttributeProto::getI).orElse(absent);
    }

    static String string(NodeProtoOrBuilder node, String name, String absent) {
        return find(node, name)
                .map(attribute -> attribute.getS().toStringUtf8())
                .orElse(absent);
    }

    static List<Long> integers(NodeProtoOrBuilder node, String name, List<Long> absent) {
        return find(node, name).map(AttributeProto::getIntsList).orElse(absent);
    }

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
}
