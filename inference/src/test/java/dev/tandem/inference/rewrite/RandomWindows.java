package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.TensorSpec;
import java.util.Random;

/** Random layers whose windows slide over a map. */
final class RandomWindows {

    private final Nets nets;
    private final OperatorForms forms;
    private final Random random;

    RandomWindows(Nets nets, OperatorForms forms, Random random) {
        this.nets = nets;
        this.forms = forms;
        this.random = random;
    }

    void conv(TensorSpec in) {
        int group = group(in);
        int out = group * (1 + random.nextInt(group == channels(in) ? 2 : 4));
        Axis rows = axis(true, 5);
        Axis columns = axis(true, 3);
        String weights = nets.weights(out, channels(in) / group, rows.kernel, columns.kernel);
        NodeProto.Builder node = Nets.node("Conv", in.name(), weights, nets.weights(out));
        node.addAttribute(Nets.integer("group", group));
        if (random.nextBoolean()) {
            node.addAttribute(Nets.ints("kernel_shape", rows.kernel, columns.kernel));
        }
        windowed(node, in, rows, columns, out, false);
    }

    /** None, one for each channel, or any number that divides the channels. */
    int group(TensorSpec in) {
        int group =
                switch (random.nextInt(3)) {
                    case 0 -> 1;
                    case 1 -> channels(in);
                    default -> 1 + random.nextInt(channels(in));
                };
        return channels(in) % group == 0 ? group : 1;
    }

    void pool(TensorSpec in) {
        boolean average = random.nextBoolean();
        Axis rows = axis(average ? nets.opset >= 19 : forms.hasCeilMode(), 4);
        Axis columns = axis(false, 3);
        boolean roundUp = forms.hasCeilMode() && random.nextBoolean();
        NodeProto.Builder node = Nets.node(average ? "AveragePool" : "MaxPool", in.name());
        node.addAttribute(Nets.ints("kernel_shape", rows.kernel, columns.kernel));
        if (forms.hasCeilMode()) {
            node.addAttribute(Nets.integer("ceil_mode", roundUp ? 1 : 0));
        }
        if (average) {
            node.addAttribute(Nets.integer("count_include_pad", random.nextInt(2)));
        }
        windowed(node, in, rows, columns, channels(in), roundUp);
    }

    private void windowed(NodeProto.Builder node, TensorSpec in, Axis rows, Axis columns, int channels, boolean up) {
        Axis high = rows;
        Axis wide = columns;
        // The runtime refuses to pad dilated windows automatically.
        int auto = rows.dilation > 1 || columns.dilation > 1 ? 9 : random.nextInt(10);
        boolean roundUp = up && auto > 1;
        if (auto <= 1) {
            high = rows.same(in.rows(), auto == 0);
            wide = columns.same(columns(in), auto == 0);
            node.addAttribute(Nets.string("auto_pad", auto == 0 ? "SAME_UPPER" : "SAME_LOWER"));
        } else if (auto == 2) {
            high = new Axis(rows.kernel, rows.stride, rows.dilation, 0, 0);
            wide = new Axis(columns.kernel, columns.stride, columns.dilation, 0, 0);
            node.addAttribute(Nets.string("auto_pad", "VALID"));
        } else {
            node.addAttribute(Nets.ints("pads", rows.begin, columns.begin, rows.end, columns.end));
        }
        int outRows = high.count(in.rows(), roundUp);
        int outColumns = wide.count(columns(in), roundUp);
        if (outRows < 1 || outColumns < 1) {
            return;
        }
        node.addAttribute(Nets.ints("strides", rows.stride, columns.stride));
        if (rows.dilation > 1 || columns.dilation > 1) {
            node.addAttribute(Nets.ints("dilations", rows.dilation, columns.dilation));
        }
        nets.layer(node, batch(in), channels, outRows, outColumns);
    }

    void transposed(TensorSpec in) {
        Axis rows = axis(true, 4);
        Axis columns = axis(false, 3);
        int group = group(in);
        int out = group * (1 + random.nextInt(3));
        int extraRows = random.nextInt(rows.stride);
        int extraColumns = random.nextInt(columns.stride);
        int outRows = (in.rows() - 1) * rows.stride + rows.span() + extraRows - rows.begin - rows.end;
        int outColumns =
                (columns(in) - 1) * columns.stride + columns.span() + extraColumns - columns.begin - columns.end;
        if (rows.stride > rows.kernel || outRows < 1 || outRows > RandomNet.MAX_EXTENT || outColumns < 1) {
            return;
        }
        NodeProto.Builder node = Nets.node(
                "ConvTranspose",
                in.name(),
                nets.weights(channels(in), out / group, rows.kernel, columns.kernel),
                nets.weights(out));
        node.addAttribute(Nets.integer("group", group))
                .addAttribute(Nets.ints("strides", rows.stride, columns.stride))
                .addAttribute(Nets.ints("dilations", rows.dilation, columns.dilation))
                .addAttribute(Nets.ints("output_padding", extraRows, extraColumns))
                .addAttribute(Nets.ints("pads", rows.begin, columns.begin, rows.end, columns.end));
        nets.layer(node, batch(in), out, outRows, outColumns);
    }

    private Axis axis(boolean dilated, int maxKernel) {
        int kernel = 1 + random.nextInt(maxKernel);
        int dilation = dilated ? 1 + random.nextInt(2) : 1;
        int stride = 1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 3);
        return new Axis(kernel, stride, dilation, random.nextInt(kernel), random.nextInt(kernel));
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

    /** A window along one axis. */
    private record Axis(int kernel, int stride, int dilation, int begin, int end) {
        int span() {
            return (kernel - 1) * dilation + 1;
        }

        int count(int extent, boolean roundUp) {
            int room = extent + begin + end - span();
            if (room < 0) {
                return 0;
            }
            int count = (roundUp ? -Math.floorDiv(-room, stride) : room / stride) + 1;
            // The operator drops a last window that starts in the padding; shape inference of the runtime does not
            // know.
            return roundUp && (count - 1) * stride >= extent + begin ? 0 : count;
        }

        /** With the pads that make ceil(extent / stride) windows. */
        Axis same(int extent, boolean upper) {
            int count = -Math.floorDiv(-extent, stride);
            int total = Math.max(0, (count - 1) * stride + span() - extent);
            int half = upper ? total / 2 : total - total / 2;
            return new Axis(kernel, stride, dilation, half, total - half);
        }
    }
}
