package dev.tandem.core.region;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Random graphs of row-divisible layers with forks, joins and splits; one row is one element. */
public final class RandomGraphs {

    private final Random random;
    private final Map<String, TensorSpec> tensors = new LinkedHashMap<>();
    private final List<Layer> layers = new ArrayList<>();

    public RandomGraphs(Random random) {
        this.random = random;
    }

    static TensorSpec map(String name, int rows) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, 1, rows, 1));
    }

    static ModelGraph of(List<TensorSpec> inputs, List<Layer> layers, List<TensorSpec> written, List<String> outputs) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        inputs.forEach(tensor -> tensors.put(tensor.name(), tensor));
        written.forEach(tensor -> tensors.put(tensor.name(), tensor));
        return new ModelGraph(
                "graph", "digest", inputs, outputs.stream().map(tensors::get).toList(), layers, tensors);
    }

    public ModelGraph next() {
        TensorSpec input = map("in", 8 + random.nextInt(40));
        tensors.put("in", input);
        int size = 1 + random.nextInt(10);
        for (int index = 0; index < size; index++) {
            addLayer(index);
        }
        List<TensorSpec> unread = tensors.values().stream()
                .filter(tensor ->
                        layers.stream().noneMatch(layer -> layer.inputs().contains(tensor.name())))
                .toList();
        return new ModelGraph("random", "digest", List.of(input), unread, layers, tensors);
    }

    private void addLayer(int index) {
        List<TensorSpec> all = List.copyOf(tensors.values());
        TensorSpec input = all.get(Math.max(0, all.size() - 1 - random.nextInt(3)));
        List<String> twins = all.stream()
                .filter(other -> other.rows() == input.rows() && !other.equals(input))
                .map(TensorSpec::name)
                .toList();
        if (!twins.isEmpty() && random.nextBoolean()) {
            String twin = twins.get(random.nextInt(twins.size()));
            write(index, List.of(input.name(), twin), new AxisGeometry.Pointwise(), input.rows());
            return;
        }
        if (random.nextInt(6) == 0) {
            join(index, input, all.get(random.nextInt(all.size())));
            return;
        }
        if (random.nextInt(8) == 0 && input.rows() > 2) {
            split(index, input);
            return;
        }
        AxisGeometry geometry = geometry(input.rows());
        int rows = rows(geometry, input.rows());
        if (rows < 1 || rows > 200) {
            write(index, List.of(input.name()), new AxisGeometry.Pointwise(), input.rows());
        } else {
            write(index, List.of(input.name()), geometry, rows);
        }
    }

    /** One behind the other; the first a second time behind both, at times. */
    private void join(int index, TensorSpec first, TensorSpec second) {
        boolean again = random.nextInt(3) == 0;
        List<String> read =
                Stream.of(first, second).map(TensorSpec::name).distinct().toList();
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (TensorSpec operand : again ? List.of(first, second, first) : List.of(first, second)) {
            int to = from + operand.rows();
            pieces.add(new Piece(read.indexOf(operand.name()), new Interval(from, to)));
            from = to;
        }
        write(index, read, new AxisGeometry.Join(pieces), from);
    }

    /** Into two or three, which may be single rows. */
    private void split(int index, TensorSpec input) {
        int first = 1 + random.nextInt(input.rows() - 1);
        int second = first + random.nextInt(input.rows() - first);
        List<Interval> pieces = Stream.of(
                        new Interval(0, first), new Interval(first, second), new Interval(second, input.rows()))
                .filter(piece -> !piece.isEmpty())
                .toList();
        List<String> outputs = new ArrayList<>();
        for (Interval piece : pieces) {
            TensorSpec output = map("t" + index + "of" + outputs.size(), piece.length());
            tensors.put(output.name(), output);
            outputs.add(output.name());
        }
        layers.add(new Layer(
                index, "l" + index, "Any", List.of(input.name()), outputs, 0, 0, new AxisGeometry.Split(pieces)));
    }

    private void write(int index, List<String> inputs, AxisGeometry geometry, int rows) {
        TensorSpec output = map("t" + index, rows);
        tensors.put(output.name(), output);
        layers.add(new Layer(index, "l" + index, "Any", inputs, List.of(output.name()), 0, 0, geometry));
    }

    private AxisGeometry geometry(int height) {
        int kernel = 1 + random.nextInt(5);
        int stride = 1 + random.nextInt(3);
        return switch (random.nextInt(6)) {
            case 0 -> new AxisGeometry.Enlarge(1 + random.nextInt(3));
            case 1 -> new AxisGeometry.Padding(random.nextInt(5) - 2, random.nextInt(5) - 2);
            case 5 -> groups(height);
            case 2 -> new AxisGeometry.TransposedWindow(Math.max(kernel, stride), stride, 1, random.nextInt(kernel));
            default ->
                new AxisGeometry.Window(
                        kernel, stride, 1 + random.nextInt(2), random.nextInt(kernel), random.nextInt(kernel));
        };
    }

    private AxisGeometry groups(int height) {
        int count = 2 + random.nextInt(4);
        return height % count == 0
                ? new AxisGeometry.Groups(count, height / count, 1 + random.nextInt(4))
                : new AxisGeometry.Pointwise();
    }

    private static int rows(AxisGeometry geometry, int input) {
        if (geometry instanceof AxisGeometry.Window window) {
            int room = input + window.padBegin() + window.padEnd() - window.span();
            return room < 0 ? 0 : room / window.stride() + 1;
        }
        if (geometry instanceof AxisGeometry.TransposedWindow window) {
            return (input - 1) * window.stride() + window.span() - 2 * window.padBegin();
        }
        if (geometry instanceof AxisGeometry.Groups groups) {
            return groups.count() * groups.written();
        }
        if (geometry instanceof AxisGeometry.Enlarge enlarge) {
            return input * enlarge.factor();
        }
        if (geometry instanceof AxisGeometry.Padding padding) {
            return input + padding.begin() + padding.end();
        }
        return input;
    }
}
