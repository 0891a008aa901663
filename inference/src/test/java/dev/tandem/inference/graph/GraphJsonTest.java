package dev.tandem.inference.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Interval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphJsonTest {

    @Test
    void readsWhatItWrote() {
        ModelGraph graph = chain();

        ModelGraph read = GraphJson.read(GraphJson.write(graph));

        assertThat(read.layers()).isEqualTo(graph.layers());
        assertThat(read.tensors()).isEqualTo(graph.tensors());
        assertThat(read.inputs()).isEqualTo(graph.inputs());
        assertThat(read.outputs()).isEqualTo(graph.outputs());
        assertThat(read.name()).isEqualTo(graph.name());
        assertThat(read.digest()).isEqualTo(graph.digest());
    }

    @Test
    void namesEveryKindOfGeometry() {
        String json = new String(GraphJson.write(chain()), StandardCharsets.UTF_8);

        assertThat(json).contains("\"format\":5");
        assertThat(chain().layers()).hasSize(AxisGeometry.class.getPermittedSubclasses().length);
    }

    @Test
    void refusesUnknownVersions() {
        String json = new String(GraphJson.write(chain()), StandardCharsets.UTF_8);
        byte[] older = json.replace("\"format\":5", "\"format\":1").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> GraphJson.read(older))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format 1, expected 5");
    }

    @Test
    void refusesDamagedText() {
        assertThatThrownBy(() -> GraphJson.read("{\"format\":5".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not readable");
    }

    @Test
    void ignoresWhatFollowsFromTheGraph() throws IOException {
        ObjectNode tree = GraphJson.tree(chain());
        tree.put("quantised", false).put("multiplyAdds", 1).put("weightBytes", 2);
        tree.putArray("cuts").addObject().put("position", 1);
        tree.putArray("rows");
        tree.putObject("gain");

        assertThat(GraphJson.read(new ObjectMapper().writeValueAsBytes(tree)).layers())
                .isEqualTo(chain().layers());
    }

    @Test
    void saysWhereSomethingIsMissingOrUnknown() {
        refuses(text().replace("\"operator\":\"Relu\",", ""), "not readable at line 1, column ", "operator");
        refuses(text().replace("\"operator\":", "\"operater\":"), "operator");
        refuses(text().replace("\"pointwise\"", "\"sideways\""), "sideways");
        refuses("{\"layers\":[]}", "has format none, expected 5");
    }

    @Test
    void saysAllThatDoesNotFitTogether() {
        String json = text().replace("\"index\":0,", "\"index\":7,")
                .replace("\"l2\"", "\"l1\"")
                .replace("\"inputs\":[\"t3\"]", "\"inputs\":[\"x\"]")
                .replace("\"outputs\":[\"t5\"]", "\"outputs\":[\"y\"]")
                .replace("\"weightBytes\":35", "\"weightBytes\":-35");

        refuses(
                json,
                "layer 0 ('l0') has index 7, expected its place, 0",
                "layer 2 ('l1') must have a name that no other layer has",
                "layer 3 ('l3') reads tensor 'x', which no model input gives",
                "layer 4 ('l4') gives tensor 'y', which 'tensors' does not describe",
                "layer 5 ('l5') has multiplyAdds 5 and weightBytes -35, expected at least 0");
        refuses(
                text().replaceFirst("\"layers\":\\[.*?\\],\"tensors\"", "\"layers\":[],\"tensors\""),
                "at least one layer");
    }

    @Test
    void refusesGroupsThatAreNotThoseOfTheTensors() {
        refuses(
                text().replace("\"count\":2", "\"count\":3"),
                "layer 6 ('l6') has 3 groups along rows with read 3, together 9, expected 6 as tensor 't6' has."
                        + " Maybe correct 'count' or 'read'.",
                "layer 6 ('l6') has 3 groups along rows with written 4, together 12, expected 8 as tensor 't7' has."
                        + " Maybe correct 'count' or 'written'.");
    }

    @Test
    void refusesJoinsOfOperandsThatAreNotThere() {
        for (int operand : List.of(-1, 1)) {
            refuses(
                    text().replaceFirst("\"operand\":0", "\"operand\":" + operand),
                    "layer 7 ('l7') joins operand " + operand + " along rows, expected at least 0 and less than 1, the"
                            + " number of its inputs. Maybe count from 0.");
        }
    }

    @Test
    void refusesPiecesThatDoNotFillWhatTheyAreJoinedTo() {
        String last = "\"outputs\":{\"from\":8,\"to\":16}";
        assertThat(text()).contains(last);

        refuses(
                text().replace(last, "\"outputs\":{\"from\":8,\"to\":15}"),
                "layer 7 ('l7') joins operand 0 along rows as [8,15), expected a piece of 8 as tensor 't7' has."
                        + " Maybe make the piece as long as the tensor.",
                "layer 7 ('l7') joins pieces along rows up to 15, expected 16 as tensor 't8' has."
                        + " Maybe a piece is missing, or one too many.");
        refuses(
                text().replace(last, "\"outputs\":{\"from\":9,\"to\":16}"),
                "not readable",
                "must follow each other from 0 on");
        refuses(
                text().replaceFirst("\"pieces\":\\[.*?\\]", "\"pieces\":[]"),
                "layer 7 ('l7') joins pieces along rows up to 0, expected 16");
    }

    @Test
    void refusesPiecesThatAreNotThoseOfWhatIsSplit() {
        String piece = "\"pieces\":[{\"from\":0,\"to\":16}]";
        assertThat(text()).contains(piece);

        refuses(
                text().replace(piece, "\"pieces\":[{\"from\":0,\"to\":15}]"),
                "layer 8 ('l8') splits [0,15) along rows for tensor 't9', expected a piece of 16 as that has."
                        + " Maybe make the piece as long as the tensor.",
                "layer 8 ('l8') splits 15 along rows, expected 16 as tensor 't8' has."
                        + " Maybe a piece is missing, or one too many.");
        refuses(
                text().replace(piece, "\"pieces\":[{\"from\":0,\"to\":8},{\"from\":8,\"to\":16}]"),
                "layer 8 ('l8') splits 2 pieces along rows, expected 1, the number of its outputs."
                        + " Maybe a piece is missing, or one too many.");
        refuses(
                text().replace(piece, "\"pieces\":[{\"from\":1,\"to\":16}]"),
                "not readable",
                "must follow each other from 0 on");
    }

    private static void refuses(String json, String... reasons) {
        assertThatThrownBy(() -> GraphJson.read(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(reasons);
    }

    private static String text() {
        return new String(GraphJson.write(chain()), StandardCharsets.UTF_8);
    }

    private static ModelGraph chain() {
        List<AxisGeometry> geometries = List.of(
                new AxisGeometry.Pointwise(),
                new AxisGeometry.Window(3, 2, 1, 1, -1),
                new AxisGeometry.TransposedWindow(3, 2, 1, 1),
                new AxisGeometry.Enlarge(2),
                new AxisGeometry.Padding(1, -1),
                new AxisGeometry.Dense(),
                new AxisGeometry.Groups(2, 3, 4),
                new AxisGeometry.Join(List.of(
                        new AxisGeometry.Join.Piece(0, new Interval(0, 8)),
                        new AxisGeometry.Join.Piece(0, new Interval(8, 16)))),
                new AxisGeometry.Split(List.of(new Interval(0, 16))),
                new AxisGeometry.Whole("global"));
        List<Layer> layers = new ArrayList<>();
        Map<String, TensorSpec> tensors = new HashMap<>();
        tensors.put("t0", spec(0));
        for (int index = 0; index < geometries.size(); index++) {
            tensors.put("t" + (index + 1), spec(index + 1));
            layers.add(new Layer(
                    index,
                    "l" + index,
                    "Relu",
                    List.of("t" + index),
                    List.of("t" + (index + 1)),
                    index,
                    7L * index,
                    geometries.get(index)));
        }
        return new ModelGraph("chain", "digest", List.of(spec(0)), List.of(spec(10)), layers, tensors);
    }

    /** Rows as the groups, the join and the split have them. */
    private static TensorSpec spec(int index) {
        int rows =
                switch (index) {
                    case 6 -> 6;
                    case 7 -> 8;
                    case 8, 9 -> 16;
                    default -> 3;
                };
        return new TensorSpec("t" + index, ElementType.FLOAT, List.of(1, 2, rows, 4));
    }
}
