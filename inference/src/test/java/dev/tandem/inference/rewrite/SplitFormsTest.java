package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ways in which models say how long the parts of a Split are; what counts is how long they turn out. */
class SplitFormsTest {

    private static final List<int[]> UNEVEN = List.of(new int[] {1, 3, 4, 4}, new int[] {1, 2, 4, 4});

    @Test
    void numberOfOutputsMakesTheLastOneShorter() {
        Nets net = net(18, 1, 5, 4, 4);
        NodeProto.Builder split = Nets.node("Split", "x").addAttribute(Nets.integer("num_outputs", 2));

        assertThat(geometry(net, split, 1, UNEVEN)).isEqualTo(parts(3, 5));
    }

    @Test
    void lengthsMayBeAnAttribute() {
        Nets net = net(11, 1, 5, 4, 4);

        assertThat(geometry(net, Nets.node("Split", "x").addAttribute(Nets.ints("split", 3, 2)), 1, UNEVEN))
                .isEqualTo(parts(3, 5));
    }

    @Test
    void lengthsMayBeLeftOut() {
        Nets net = net(13, 1, 6, 4, 4);
        List<int[]> even = List.of(new int[] {1, 3, 4, 4}, new int[] {1, 3, 4, 4});

        assertThat(geometry(net, Nets.node("Split", "x"), 1, even)).isEqualTo(parts(3, 6));
    }

    @Test
    void axisMayCountFromTheLastOfTokensToo() {
        Nets net = net(13, 1, 6, 4);
        List<int[]> even = List.of(new int[] {1, 3, 4}, new int[] {1, 3, 4});

        assertThat(geometry(net, Nets.node("Split", "x"), -2, even)).isEqualTo(parts(3, 6));
    }

    @Test
    void otherAxesGoPositionByPosition() {
        Nets net = net(13, 1, 5, 4, 4);
        net.layer(Nets.node("Split", "x", net.integers(3, 2)).addAttribute(Nets.integer("axis", 1)), UNEVEN);

        assertThat(net.graph().layers().get(0).along(Axis.ROWS)).isEqualTo(new Pointwise());
    }

    @Test
    void emptyOutputIsRefused() {
        Nets net = net(13, 1, 5, 4, 4);
        List<int[]> empty = List.of(new int[] {1, 0, 4, 4}, new int[] {1, 5, 4, 4});

        AxisGeometry geometry = geometry(net, Nets.node("Split", "x", net.integers(0, 5)), 1, empty);

        assertThat(geometry).isInstanceOfSatisfying(Whole.class, whole -> assertThat(whole.reason())
                .contains("has an output that is missing or empty", "Maybe remove it"));
    }

    private static Nets net(long opset, int... input) {
        Nets net = new Nets(1, opset);
        net.input("x", input);
        return net;
    }

    private static AxisGeometry geometry(Nets net, NodeProto.Builder split, int axis, List<int[]> shapes) {
        net.layer(split.addAttribute(Nets.integer("axis", axis)), shapes);
        return net.graph().layers().get(0).along(Axis.CHANNELS);
    }

    private static Split parts(int first, int second) {
        return new Split(List.of(new Interval(0, first), new Interval(first, second)));
    }
}
