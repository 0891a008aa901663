package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random small networks of every operator that can be divided. */
final class RandomNet {

    static final int MAX_EXTENT = 70;
    /** What is drawn to be a layer may come to several nodes. */
    static final int MAX_LAYERS = 7;

    private static final List<Integer> OPSETS = List.of(9, 11, 13, 17, 20);

    private final Nets nets;
    private final Random random;
    private final RandomWindows windows;
    private final OperatorForms forms;

    private RandomNet(long seed) {
        this.random = new Random(seed);
        this.nets = new Nets(seed + 1, OPSETS.get(random.nextInt(OPSETS.size())));
        this.forms = new OperatorForms(nets);
        this.windows = new RandomWindows(nets, forms, random);
    }

    static Nets of(long seed) {
        return of(seed, MAX_LAYERS + 1);
    }

    /** The beginning of the seed's net, of about so many layers; what classifies comes only behind all of them. */
    static Nets of(long seed, int layers) {
        return new RandomNet(seed).build(layers);
    }

    private Nets build(int layers) {
        nets.input(
                "image",
                1 + random.nextInt(3),
                2 + 2 * random.nextInt(3),
                12 + random.nextInt(30),
                9 + random.nextInt(8));
        int whole = 1 + random.nextInt(MAX_LAYERS);
        while (nets.layers() < Math.min(layers, whole)) {
            addLayer();
        }
        if (layers > whole && random.nextInt(4) == 0) {
            classify(List.copyOf(nets.tensors.values()).get(nets.tensors.size() - 1));
        }
        return nets;
    }

    private void addLayer() {
        List<TensorSpec> all = List.copyOf(nets.tensors.values());
        TensorSpec in = all.get(Math.max(0, all.size() - 1 - random.nextInt(3)));
        switch (random.nextInt(28)) {
            case 0, 1, 2, 15 -> windows.conv(in);
            case 3, 4, 5 -> windows.pool(in);
            case 6 -> windows.transposed(in);
            case 7 -> resize(in);
            case 8 -> pad(in);
            case 9 -> depthOrSpace(in);
            case 10 -> elementwise(in);
            case 11 -> constantOperand(in);
            case 12 -> squeezeAndExcite(in);
            case 13, 14 -> slice(in);
            case 16 -> branches(in);
            case 17 -> softmax(in);
            case 18, 19, 20 -> split(in);
            case 21, 22 -> stack(in, all);
            default -> join(in, all);
        }
    }

    /** A mean of every channel, and a dense layer over them. */
    private void classify(TensorSpec in) {
        TensorSpec flat = flatMeans(in);
        int classes = 3 + random.nextInt(5);
        if (random.nextBoolean()) {
            String weights = nets.weights(channels(in), classes);
            nets.layer(Nets.node("MatMul", flat.name(), weights), batch(in), classes);
            return;
        }
        boolean isTransposed = random.nextBoolean();
        String weights = isTransposed ? nets.weights(classes, channels(in)) : nets.weights(channels(in), classes);
        String bias = random.nextBoolean() ? nets.weights(classes) : nets.weights(batch(in), classes);
        NodeProto.Builder gemm = Nets.node("Gemm", flat.name(), weights, bias);
        gemm.addAttribute(Nets.integer("transB", isTransposed ? 1 : 0));
        TensorSpec logits = nets.layer(gemm, batch(in), classes);
        nets.layer(Nets.node("Softmax", logits.name()), batch(in), classes);
    }

    private TensorSpec flatMeans(TensorSpec in) {
        if (random.nextInt(3) == 0) {
            return nets.layer(
                    forms.meanOverMaps(in.name()).addAttribute(Nets.integer("keepdims", 0)), batch(in), channels(in));
        }
        TensorSpec mean = nets.layer(Nets.node("GlobalAveragePool", in.name()), batch(in), channels(in), 1, 1);
        NodeProto.Builder flatten = random.nextBoolean()
                ? Nets.node("Flatten", mean.name())
                : Nets.node("Reshape", mean.name(), nets.integers(batch(in), channels(in)));
        return nets.layer(flatten, batch(in), channels(in));
    }

    private static int batch(TensorSpec tensor) {
        return tensor.shape().get(0);
    }

    private static int channels(TensorSpec tensor) {
        return tensor.shape().get(1);
    }

    private static int columns(TensorSpec tensor) {
        return tensor.shape().get(3);
    }

    private void resize(TensorSpec in) {
        int factor = 1 + random.nextInt(3);
        int wide = 1 + random.nextInt(2);
        if (in.rows() * factor > MAX_EXTENT) {
            return;
        }
        int outRows = in.rows() * factor;
        int outColumns = columns(in) * wide;
        boolean bySizes = forms.hasCoordinates() && random.nextBoolean();
        NodeProto.Builder node = bySizes
                ? forms.resized(in.name(), batch(in), channels(in), outRows, outColumns)
                : forms.enlarged(in.name(), factor, wide);
        node.addAttribute(Nets.string("mode", "nearest"));
        boolean centred = random.nextBoolean();
        if (forms.hasCoordinates()) {
            node.addAttribute(Nets.string("coordinate_transformation_mode", centred ? "half_pixel" : "asymmetric"))
                    .addAttribute(Nets.string("nearest_mode", centred ? "round_prefer_floor" : "floor"));
        }
        nets.layer(node, batch(in), channels(in), outRows, outColumns);
    }

    private void pad(TensorSpec in) {
        int top = random.nextInt(4) - 1;
        int bottom = random.nextInt(4) - 1;
        int left = random.nextInt(2);
        if (in.rows() + top + bottom < 1) {
            return;
        }
        NodeProto.Builder node = nets.opset >= 18 && random.nextBoolean()
                ? Nets.node(
                        "Pad", in.name(), nets.integers(left, top, 0, bottom), nets.scalar(0.5f), nets.integers(-1, 2))
                : forms.pad(in.name(), 0.5f, 0, 0, top, left, 0, 0, bottom, 0);
        nets.layer(node, batch(in), channels(in), in.rows() + top + bottom, columns(in) + left);
    }

    /** Leaves out images, channels or rows. */
    private void slice(TensorSpec in) {
        int[] extents = extents(in);
        int axis = List.of(0, 1, 1, 1, 1, 2, 2).get(random.nextInt(7));
        int extent = extents[axis];
        int step = forms.hasSliceSteps() ? 1 + random.nextInt(2) : 1;
        int start = random.nextInt((extent + 1) / 2);
        int end = extent - random.nextInt((extent - start + 1) / 2);
        extents[axis] = -Math.floorDiv(start - end, step);
        int shownStart = random.nextInt(3) == 0 ? start - extent : start;
        int shownEnd = end < extent && random.nextBoolean() ? end - extent : end;
        NodeProto.Builder node = forms.slice(
                in.name(),
                new long[] {shownStart, 0},
                new long[] {shownEnd, Integer.MAX_VALUE},
                new long[] {axis, 3},
                new long[] {step, 1});
        nets.layer(node, extents);
    }

    /** Into two or three along any axis, at times into single positions. */
    private void split(TensorSpec in) {
        int axis = List.of(0, 1, 1, 1, 2, 2, 3).get(random.nextInt(7));
        int extent = extents(in)[axis];
        if (extent < 2) {
            return;
        }
        List<Long> lengths = new ArrayList<>();
        for (long rest = extent; rest > 0; rest -= lengths.get(lengths.size() - 1)) {
            lengths.add(lengths.size() == 2 ? rest : 1 + (long) random.nextInt((int) Math.min(rest, extent - 1)));
        }
        List<int[]> shapes = lengths.stream()
                .map(length -> withExtent(in, axis, Math.toIntExact(length)))
                .toList();
        nets.layer(
                forms.split(
                        in.name(),
                        forms.hasNegativeAxes() && random.nextBoolean() ? axis - 4 : axis,
                        lengths.stream().mapToLong(Long::longValue).toArray()),
                shapes);
    }

    /** One behind the other along the batch, rows or columns. */
    private void stack(TensorSpec in, List<TensorSpec> all) {
        int axis = List.of(0, 2, 2, 3).get(random.nextInt(4));
        List<TensorSpec> twins = all.stream()
                .filter(other -> Arrays.equals(withExtent(other, axis, 1), withExtent(in, axis, 1)))
                .toList();
        TensorSpec twin = twins.get(random.nextInt(twins.size()));
        int extent = extents(in)[axis] + extents(twin)[axis];
        if (extent <= (axis == 0 ? 4 : MAX_EXTENT)) {
            NodeProto.Builder concat = Nets.node("Concat", in.name(), twin.name());
            nets.layer(concat.addAttribute(Nets.integer("axis", axis)), withExtent(in, axis, extent));
        }
    }

    private static int[] withExtent(TensorSpec tensor, int axis, int extent) {
        int[] extents = extents(tensor);
        extents[axis] = extent;
        return extents;
    }

    /** Over one axis; until opset 12 over all that follow it, too. */
    private void softmax(TensorSpec in) {
        int axis = 1 + random.nextInt(3);
        nets.layer(Nets.node("Softmax", in.name()).addAttribute(Nets.integer("axis", axis)), extents(in));
    }

    private void depthOrSpace(TensorSpec in) {
        if (channels(in) % 4 == 0 && in.rows() * 2 <= MAX_EXTENT) {
            NodeProto.Builder node = Nets.node("DepthToSpace", in.name()).addAttribute(Nets.integer("blocksize", 2));
            nets.layer(node, batch(in), channels(in) / 4, in.rows() * 2, columns(in) * 2);
        } else if (in.rows() % 2 == 0 && columns(in) % 2 == 0) {
            NodeProto.Builder node = Nets.node("SpaceToDepth", in.name()).addAttribute(Nets.integer("blocksize", 2));
            nets.layer(node, batch(in), channels(in) * 4, in.rows() / 2, columns(in) / 2);
        }
    }

    private void elementwise(TensorSpec in) {
        int channels = channels(in);
        NodeProto.Builder node =
                switch (random.nextInt(6)) {
                    case 0 -> Nets.node("Relu", in.name());
                    case 4 -> Nets.node("PRelu", in.name(), nets.weights(channels, 1, 1));
                    case 5 ->
                        Nets.node("InstanceNormalization", in.name(), nets.positive(channels), nets.weights(channels));
                    case 1 -> Nets.node("Sigmoid", in.name());
                    case 2 -> Nets.node("LRN", in.name()).addAttribute(Nets.integer("size", 3));
                    default ->
                        Nets.node(
                                "BatchNormalization",
                                in.name(),
                                nets.positive(channels),
                                nets.weights(channels),
                                nets.weights(channels),
                                nets.positive(channels));
                };
        nets.layer(node, extents(in));
    }

    private void constantOperand(TensorSpec in) {
        String operand =
                switch (random.nextInt(4)) {
                    case 0 -> nets.weights(1, channels(in), 1, 1);
                    case 1 -> nets.weights(1, 1, in.rows(), 1);
                    case 2 -> nets.weights(in.rows(), columns(in));
                    default -> nets.derived(Nets.node("Identity", nets.weights(channels(in), in.rows(), columns(in))));
                };
        nets.layer(Nets.node("Add", in.name(), operand), extents(in));
    }

    /** Channels weighted by what all of the map says. */
    private void squeezeAndExcite(TensorSpec in) {
        int channels = channels(in);
        NodeProto.Builder mean =
                switch (random.nextInt(3)) {
                    case 0 -> Nets.node("GlobalAveragePool", in.name());
                    case 1 ->
                        Nets.node("AveragePool", in.name())
                                .addAttribute(Nets.ints("kernel_shape", in.rows(), columns(in)));
                    default -> forms.meanOverMaps(in.name());
                };
        TensorSpec squeezed = nets.layer(mean, batch(in), channels, 1, 1);
        TensorSpec excited = nets.layer(
                Nets.node("Conv", squeezed.name(), nets.weights(channels, channels, 1, 1), nets.weights(channels)),
                batch(in),
                channels,
                1,
                1);
        TensorSpec weights = nets.layer(Nets.node("Sigmoid", excited.name()), batch(in), channels, 1, 1);
        nets.layer(Nets.node("Mul", in.name(), weights.name()), extents(in));
    }

    private void join(TensorSpec in, List<TensorSpec> all) {
        List<TensorSpec> twins = all.stream()
                .filter(other -> !other.equals(in)
                        && batch(other) == batch(in)
                        && other.rows() == in.rows()
                        && columns(other) == columns(in))
                .toList();
        TensorSpec twin = twins.isEmpty() ? in : twins.get(random.nextInt(twins.size()));
        if (twin.shape().equals(in.shape()) && random.nextInt(3) == 0) {
            String operator = random.nextBoolean() ? "Add" : "Mul";
            nets.layer(Nets.node(operator, in.name(), twin.name()), extents(in));
            return;
        }
        boolean again = random.nextInt(4) == 0;
        int joined = channels(in) * (again ? 2 : 1) + channels(twin);
        if (joined <= 16) {
            NodeProto.Builder concat = Nets.node("Concat", in.name(), twin.name());
            if (again) {
                concat.addInput(in.name());
            }
            concat.addAttribute(Nets.integer("axis", forms.hasNegativeAxes() && random.nextBoolean() ? -3 : 1));
            nets.layer(concat, batch(in), joined, in.rows(), columns(in));
        }
    }

    /** Two ways from one map to a Concat, neither of which reads the other. */
    private void branches(TensorSpec in) {
        int group = windows.group(in);
        int out = group * (1 + random.nextInt(3));
        if (channels(in) + out > 16) {
            return;
        }
        TensorSpec plain = nets.layer(Nets.node("Sigmoid", in.name()), extents(in));
        String weights = nets.weights(out, channels(in) / group, 1, 1);
        TensorSpec filtered = nets.layer(
                Nets.node("Conv", in.name(), weights).addAttribute(Nets.integer("group", group)),
                batch(in),
                out,
                in.rows(),
                columns(in));
        nets.layer(
                Nets.node("Concat", plain.name(), filtered.name()).addAttribute(Nets.integer("axis", 1)),
                batch(in),
                channels(in) + out,
                in.rows(),
                columns(in));
    }

    private static int[] extents(TensorSpec tensor) {
        return tensor.shape().stream().mapToInt(Integer::intValue).toArray();
    }
}
