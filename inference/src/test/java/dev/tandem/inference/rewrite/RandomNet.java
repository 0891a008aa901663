package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Random;

/** Random small networks of every operator that can be divided. */
final class RandomNet {

    static final int MAX_EXTENT = 70;
    /** What is drawn to be a layer may come to several nodes. */
    static final int MAX_LAYERS = 7;

    private final Nets nets;
    private final Random random;
    private final RandomWindows windows;
    private final int batch;

    private RandomNet(long seed) {
        this.random = new Random(seed);
        this.batch = 1 + random.nextInt(3);
        this.nets = new Nets(seed + 1, List.of(11, 13, 17, 20).get(random.nextInt(4)));
        this.windows = new RandomWindows(nets, random);
    }

    static Nets of(long seed) {
        return of(seed, MAX_LAYERS + 1);
    }

    /** The beginning of the seed's net, of about so many layers; what classifies comes only behind all of them. */
    static Nets of(long seed, int layers) {
        return new RandomNet(seed).build(layers);
    }

    private Nets build(int layers) {
        nets.input("image", batch, 2 + 2 * random.nextInt(3), 12 + random.nextInt(30), 9 + random.nextInt(8));
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
        switch (random.nextInt(22)) {
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
            default -> join(in, all);
        }
    }

    /** A mean of every channel, and a dense layer over them. */
    private void classify(TensorSpec in) {
        TensorSpec flat = flatMeans(in);
        int classes = 3 + random.nextInt(5);
        if (random.nextBoolean()) {
            String weights = nets.weights(channels(in), classes);
            nets.layer(Nets.node("MatMul", flat.name(), weights), batch, classes);
            return;
        }
        boolean isTransposed = random.nextBoolean();
        String weights = isTransposed ? nets.weights(classes, channels(in)) : nets.weights(channels(in), classes);
        String bias = random.nextBoolean() ? nets.weights(classes) : nets.weights(batch, classes);
        NodeProto.Builder gemm = Nets.node("Gemm", flat.name(), weights, bias);
        gemm.addAttribute(Nets.integer("transB", isTransposed ? 1 : 0));
        TensorSpec logits = nets.layer(gemm, batch, classes);
        nets.layer(Nets.node("Softmax", logits.name()), batch, classes);
    }

    private TensorSpec flatMeans(TensorSpec in) {
        if (random.nextInt(3) == 0) {
            return nets.layer(meanOverMaps(in).addAttribute(Nets.integer("keepdims", 0)), batch, channels(in));
        }
        TensorSpec mean = nets.layer(Nets.node("GlobalAveragePool", in.name()), batch, channels(in), 1, 1);
        NodeProto.Builder flatten = random.nextBoolean()
                ? Nets.node("Flatten", mean.name())
                : Nets.node("Reshape", mean.name(), nets.integers(batch, channels(in)));
        return nets.layer(flatten, batch, channels(in));
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
        boolean bySizes = random.nextBoolean();
        // Until opset 12 what is not given is an empty tensor.
        String none = nets.opset < 13 ? nets.floats() : "";
        String scales = bySizes ? none : nets.floats(1, 1, factor, wide);
        NodeProto.Builder node = Nets.node("Resize", in.name(), none, scales);
        if (bySizes) {
            node.addInput(nets.integers(batch, channels(in), outRows, outColumns));
        }
        boolean centred = random.nextBoolean();
        node.addAttribute(Nets.string("mode", "nearest"))
                .addAttribute(Nets.string("coordinate_transformation_mode", centred ? "half_pixel" : "asymmetric"))
                .addAttribute(Nets.string("nearest_mode", centred ? "round_prefer_floor" : "floor"));
        nets.layer(node, batch, channels(in), outRows, outColumns);
    }

    private void pad(TensorSpec in) {
        int top = random.nextInt(4) - 1;
        int bottom = random.nextInt(4) - 1;
        int left = random.nextInt(2);
        if (in.rows() + top + bottom < 1) {
            return;
        }
        NodeProto.Builder node = Nets.node("Pad", in.name());
        if (nets.opset >= 18 && random.nextBoolean()) {
            node.addInput(nets.integers(left, top, 0, bottom)).addInput(nets.scalar(0.5f));
            node.addInput(nets.integers(-1, 2));
        } else {
            node.addInput(nets.integers(0, 0, top, left, 0, 0, bottom, 0)).addInput(nets.scalar(0.5f));
        }
        nets.layer(node, batch, channels(in), in.rows() + top + bottom, columns(in) + left);
    }

    /** Leaves out channels, or rows and columns. */
    private void slice(TensorSpec in) {
        int[] extents = extents(in);
        int axis = 1 + random.nextInt(4) / 3;
        int step = 1 + random.nextInt(2);
        int start = random.nextInt((extents[axis] + 1) / 2);
        int end = extents[axis] - random.nextInt((extents[axis] - start + 1) / 2);
        extents[axis] = -Math.floorDiv(start - end, step);
        boolean fromBehind = end < in.shape().get(axis) && random.nextBoolean();
        NodeProto.Builder node = Nets.node(
                "Slice",
                in.name(),
                nets.integers(start, 0),
                nets.integers(fromBehind ? end - in.shape().get(axis) : end, Long.MAX_VALUE),
                nets.integers(axis, 3),
                nets.integers(step, 1));
        nets.layer(node, extents);
    }

    private void depthOrSpace(TensorSpec in) {
        if (channels(in) % 4 == 0 && in.rows() * 2 <= MAX_EXTENT) {
            NodeProto.Builder node = Nets.node("DepthToSpace", in.name()).addAttribute(Nets.integer("blocksize", 2));
            nets.layer(node, batch, channels(in) / 4, in.rows() * 2, columns(in) * 2);
        } else if (in.rows() % 2 == 0 && columns(in) % 2 == 0) {
            NodeProto.Builder node = Nets.node("SpaceToDepth", in.name()).addAttribute(Nets.integer("blocksize", 2));
            nets.layer(node, batch, channels(in) * 4, in.rows() / 2, columns(in) / 2);
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
                    default -> meanOverMaps(in);
                };
        TensorSpec squeezed = nets.layer(mean, batch, channels, 1, 1);
        TensorSpec excited = nets.layer(
                Nets.node("Conv", squeezed.name(), nets.weights(channels, channels, 1, 1), nets.weights(channels)),
                batch,
                channels,
                1,
                1);
        TensorSpec weights = nets.layer(Nets.node("Sigmoid", excited.name()), batch, channels, 1, 1);
        nets.layer(Nets.node("Mul", in.name(), weights.name()), extents(in));
    }

    private NodeProto.Builder meanOverMaps(TensorSpec in) {
        return nets.opset >= 18
                ? Nets.node("ReduceMean", in.name(), nets.integers(2, 3))
                : Nets.node("ReduceMean", in.name()).addAttribute(Nets.ints("axes", -1, -2));
    }

    private void join(TensorSpec in, List<TensorSpec> all) {
        List<TensorSpec> twins = all.stream()
                .filter(other -> !other.equals(in) && other.rows() == in.rows() && columns(other) == columns(in))
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
            concat.addAttribute(Nets.integer("axis", random.nextBoolean() ? 1 : -3));
            nets.layer(concat, batch, joined, in.rows(), columns(in));
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
                batch,
                out,
                in.rows(),
                columns(in));
        nets.layer(
                Nets.node("Concat", plain.name(), filtered.name()).addAttribute(Nets.integer("axis", 1)),
                batch,
                channels(in) + out,
                in.rows(),
                columns(in));
    }

    private static int[] extents(TensorSpec tensor) {
        return tensor.shape().stream().mapToInt(Integer::intValue).toArray();
    }
}
