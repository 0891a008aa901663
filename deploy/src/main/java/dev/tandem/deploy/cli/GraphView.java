package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Divisibility;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.DividedLayer;
import dev.tandem.inference.onnx.FoldReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a model graph, as text and, beside the graph itself, as JSON.
 *
 * @param weightBytes of all weights; those that several layers read count for each
 * @param rows segments that can be divided along rows, and single layers that cannot, in order, without gaps
 * @param divided dense layers that folding divided because of their size
 * @param gain what folding gained, where it was measured
 */
record GraphView(
        String model,
        boolean quantised,
        long multiplyAdds,
        long weightBytes,
        List<TensorView> inputs,
        List<TensorView> outputs,
        List<LayerView> layers,
        List<CutView> cuts,
        List<RowsView> rows,
        List<DividedLayer> divided,
        @Nullable GainView gain) {

    private static final int SMALLEST_SHARDS = 2;

    /** A tensor. */
    record TensorView(String name, String type, List<Integer> shape, long bytes) {
        static TensorView of(TensorSpec spec) {
            return new TensorView(spec.name(), typeName(spec), spec.shape(), spec.bytes());
        }

        String text() {
            return name + " " + type + shape;
        }
    }

    /** A layer. */
    record LayerView(
            int index, String name, String operator, long multiplyAdds, long weightBytes, List<TensorView> outputs) {}

    /** A place between two layers: before layer {@code position}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CutView(int position, long bytes, List<String> tensors, @Nullable String refusal) {}

    /** Layers {@code [from, to)}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RowsView(int from, int to, boolean divisible, long multiplyAdds, @Nullable String reason) {}

    /** What folding gained. */
    record GainView(double secondsBefore, double secondsAfter, double gain, int layersBefore, int layersAfter) {}

    static GraphView of(ModelGraph graph, List<DividedLayer> divided, @Nullable FoldReport report) {
        return new GraphView(
                graph.name(),
                graph.isQuantised(),
                graph.multiplyAdds(graph.whole()),
                graph.weightBytes(graph.whole()),
                graph.inputs().stream().map(TensorView::of).toList(),
                graph.outputs().stream().map(TensorView::of).toList(),
                graph.layers().stream().map(layer -> layer(graph, layer)).toList(),
                graph.cuts().stream().map(GraphView::cut).toList(),
                rows(graph),
                divided,
                report == null ? null : gain(report));
    }

    /** The graph as {@code tandem plan --graph} reads it, with what else is shown of it. */
    ObjectNode json(ModelGraph graph) {
        ObjectNode json = GraphJson.tree(graph);
        json.put("quantised", quantised).put("multiplyAdds", multiplyAdds).put("weightBytes", weightBytes);
        json.putPOJO("cuts", cuts).putPOJO("rows", rows).putPOJO("divided", divided);
        return gain == null ? json : json.putPOJO("gain", gain);
    }

    void print(Terminal terminal) {
        terminal.line(model + (quantised ? " (quantised)" : "") + ": " + layers.size() + " layers, "
                + Figures.count(multiplyAdds) + " multiply-adds, " + Figures.bytes(weightBytes) + " of weights");
        inputs.forEach(input -> terminal.line("  input   " + input.text()));
        outputs.forEach(output -> terminal.line("  output  " + output.text()));
        printLayers(terminal);
        printRows(terminal);
        printRefusals(terminal);
        printDivided(terminal);
        if (gain != null) {
            terminal.line("");
            terminal.line(String.format(
                    Locale.ROOT,
                    "Folding: %d operators became %d layers; %s ms became %s ms on one thread, %.2f times as fast.",
                    gain.layersBefore(),
                    gain.layersAfter(),
                    Figures.millis(gain.secondsBefore()),
                    Figures.millis(gain.secondsAfter()),
                    gain.gain()));
        }
    }

    /** One row per layer; its last columns say what a cut behind it would send. */
    private void printLayers(Terminal terminal) {
        TextTable table = TextTable.of(
                ">layer", "operator", "name", "output", ">MACs", ">weights", ">cut after", ">tensors crossing");
        for (LayerView layer : layers) {
            CutView cut = layer.index() < cuts.size() ? cuts.get(layer.index()) : null;
            table.row(
                    Integer.toString(layer.index()),
                    layer.operator(),
                    shortened(layer.name()),
                    layer.outputs().isEmpty()
                            ? ""
                            : layer.outputs().get(0).type()
                                    + layer.outputs().get(0).shape(),
                    Figures.count(layer.multiplyAdds()),
                    Figures.bytes(layer.weightBytes()),
                    cut == null ? "" : cut.refusal() == null ? Figures.bytes(cut.bytes()) : "no",
                    cut == null ? "" : Integer.toString(cut.tensors().size()));
        }
        terminal.line("");
        table.print(terminal);
    }

    private void printRows(Terminal terminal) {
        TextTable table = TextTable.of("layers", "rows divisible", ">MACs", "why not");
        for (RowsView segment : rows) {
            table.row(
                    segment.to() - segment.from() == 1
                            ? Integer.toString(segment.from())
                            : segment.from() + "-" + (segment.to() - 1),
                    segment.divisible() ? "yes" : "no",
                    Figures.count(segment.multiplyAdds()),
                    segment.reason() == null ? "" : segment.reason());
        }
        terminal.line("");
        table.print(terminal);
    }

    private void printRefusals(Terminal terminal) {
        cuts.stream().filter(cut -> cut.refusal() != null).findFirst().ifPresent(cut -> {
            long refused =
                    cuts.stream().filter(other -> other.refusal() != null).count();
            terminal.line("");
            terminal.line("No cut at " + refused + " of " + cuts.size() + " places, first after layer "
                    + (cut.position() - 1) + ": " + cut.refusal() + ".");
        });
    }

    private void printDivided(Terminal terminal) {
        for (DividedLayer layer : divided) {
            terminal.line("");
            terminal.line(layer.operator() + " '" + layer.name() + "' has " + Figures.bytes(layer.weightBytes())
                    + " of weights, more than " + Figures.bytes(layer.mostBytes())
                    + ": folding divided its output channels over "
                    + layer.parts().size()
                    + " layers and a Concat, so that several nodes can hold them.");
        }
    }

    private static LayerView layer(ModelGraph graph, Layer layer) {
        return new LayerView(
                layer.index(),
                layer.name(),
                layer.operator(),
                layer.multiplyAdds(),
                layer.weightBytes(),
                layer.outputs().stream()
                        .map(output -> TensorView.of(graph.tensor(output)))
                        .toList());
    }

    private static CutView cut(Cut cut) {
        return new CutView(
                cut.position(),
                cut.bytes(),
                cut.crossing().stream().map(TensorSpec::name).toList(),
                cut.refusal().orElse(null));
    }

    private static List<RowsView> rows(ModelGraph graph) {
        List<RowsView> rows = new ArrayList<>();
        int from = 0;
        while (from < graph.layers().size()) {
            Optional<Segment> divisible = Divisibility.longest(graph, from, SMALLEST_SHARDS);
            Segment segment = divisible.orElse(new Segment(from, from + 1));
            String reason = divisible.isPresent() ? null : whyNot(graph, segment);
            rows.add(new RowsView(
                    segment.from(), segment.to(), divisible.isPresent(), graph.multiplyAdds(segment), reason));
            from = segment.to();
        }
        return rows;
    }

    private static String whyNot(ModelGraph graph, Segment segment) {
        return Divisibility.refusal(graph, segment)
                .orElse("no cut is allowed behind it that leaves a divisible segment");
    }

    private static GainView gain(FoldReport report) {
        return new GainView(
                report.secondsBefore(),
                report.secondsAfter(),
                report.gain(),
                report.layersBefore(),
                report.layersAfter());
    }

    private static String typeName(TensorSpec spec) {
        return spec.type().name().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String name) {
        int longest = 40;
        return name.length() <= longest ? name : "..." + name.substring(name.length() - longest + 3);
    }
}
