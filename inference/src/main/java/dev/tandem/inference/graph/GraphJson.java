package dev.tandem.inference.graph;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The model graph as JSON: {@code format}, {@code name}, {@code digest}, {@code inputs}, {@code outputs},
 * {@code layers} in order, and {@code tensors} sorted by name. Equal graphs give equal bytes.
 */
public final class GraphJson {
    /** Version of the form; readers refuse others. */
    public static final int FORMAT = 5;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .addMixIn(AxisGeometry.class, GeometryByName.class)
            .addMixIn(Document.class, DerivedIgnored.class)
            .build();

    private GraphJson() {}

    /** The graph as UTF-8 JSON. */
    public static byte[] write(ModelGraph graph) {
        try {
            return JSON.writeValueAsBytes(document(graph));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a model graph must be writable as JSON", e);
        }
    }

    /**
     * The graph as a JSON object, to which what follows from it may be added: {@code quantised}, {@code multiplyAdds},
     * {@code weightBytes}, {@code cuts}, {@code rows}, {@code divided} and {@code gain} are not read again.
     */
    public static ObjectNode tree(ModelGraph graph) {
        return JSON.valueToTree(document(graph));
    }

    /**
     * Reads what {@link #write} wrote, and {@link #tree} with what was added.
     *
     * @throws IllegalArgumentException for another format version, damaged JSON, or layers and tensors that do not belong
     *     together; the message says all that is wrong with those
     */
    public static ModelGraph read(byte[] json) {
        try {
            JsonNode format = JSON.readTree(json).path("format");
            if (!format.isInt() || format.intValue() != FORMAT) {
                throw new IllegalArgumentException(
                        "model graph has format " + (format.isMissingNode() ? "none" : format) + ", expected " + FORMAT
                                + ". Maybe it was written by another version of Tandem.");
            }
            return JSON.readValue(json, Document.class).graph();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "model graph is not readable" + place(e) + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("model graph is not readable: " + e.getMessage(), e);
        }
    }

    private static String place(JsonProcessingException damage) {
        JsonLocation location = damage.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static Document document(ModelGraph graph) {
        return new Document(
                FORMAT,
                graph.name(),
                graph.digest(),
                names(graph.inputs()),
                names(graph.outputs()),
                graph.layers(),
                List.copyOf(new TreeMap<>(graph.tensors()).values()));
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }

    private record Document(
            int format,
            String name,
            String digest,
            List<String> inputs,
            List<String> outputs,
            List<Layer> layers,
            List<TensorSpec> tensors) {

        ModelGraph graph() {
            GraphChecks.require(inputs, outputs, layers, tensors);
            Map<String, TensorSpec> byName =
                    tensors.stream().collect(Collectors.toMap(TensorSpec::name, Function.identity()));
            return new ModelGraph(name, digest, specs(inputs, byName), specs(outputs, byName), layers, byName);
        }

        private static List<TensorSpec> specs(List<String> names, Map<String, TensorSpec> byName) {
            return names.stream()
                    .map(name -> Objects.requireNonNull(byName.get(name)))
                    .toList();
        }
    }

    @JsonIgnoreProperties({"quantised", "multiplyAdds", "weightBytes", "cuts", "rows", "divided", "gain"})
    private interface DerivedIgnored {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AxisGeometry.Pointwise.class, name = "pointwise"),
        @JsonSubTypes.Type(value = AxisGeometry.Window.class, name = "window"),
        @JsonSubTypes.Type(value = AxisGeometry.TransposedWindow.class, name = "transposed-window"),
        @JsonSubTypes.Type(value = AxisGeometry.Enlarge.class, name = "enlarge"),
        @JsonSubTypes.Type(value = AxisGeometry.Padding.class, name = "padding"),
        @JsonSubTypes.Type(value = AxisGeometry.Dense.class, name = "dense"),
        @JsonSubTypes.Type(value = AxisGeometry.Groups.class, name = "groups"),
        @JsonSubTypes.Type(value = AxisGeometry.Join.class, name = "join"),
        @JsonSubTypes.Type(value = AxisGeometry.Split.class, name = "split"),
        @JsonSubTypes.Type(value = AxisGeometry.Whole.class, name = "whole")
    })
    private interface GeometryByName {}
}
