package dev.tandem.inference.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Optional;

/** Reads a node's attributes by name, with the defaults of the operator at hand. */
public record NodeAttributes(NodeProto node) {

    public boolean has(String name) {
        return find(name).isPresent();
    }

    public int integer(String name, int otherwise) {
        return find(name).map(attribute -> Math.toIntExact(attribute.getI())).orElse(otherwise);
    }

    float number(String name, float otherwise) {
        return find(name).map(AttributeProto::getF).orElse(otherwise);
    }

    public String text(String name, String otherwise) {
        return find(name).map(attribute -> attribute.getS().toStringUtf8()).orElse(otherwise);
    }

    /** A list of whole numbers, those beyond the range of int as its ends; none where the attribute is missing. */
    public Optional<List<Integer>> integers(String name) {
        return find(name).map(attribute -> attribute.getIntsList().stream()
                .map(ConstantTensors::saturated)
                .toList());
    }

    /** A list of floats; none where the attribute is missing. */
    Optional<List<Float>> floats(String name) {
        return find(name).map(AttributeProto::getFloatsList);
    }

    /** One number of a list. */
    public int integer(String name, int index, int otherwise) {
        return integers(name)
                .filter(list -> index < list.size())
                .map(list -> list.get(index))
                .orElse(otherwise);
    }

    private Optional<AttributeProto> find(String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }
}
