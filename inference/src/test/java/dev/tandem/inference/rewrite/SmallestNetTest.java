package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SmallestNetTest {

    private static final int SEEDS = 50;

    @Test
    void endsWithTheLayerThatMakesItFail() {
        int smaller = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Nets whole = RandomNet.of(seed);
            if (!contains(whole, "Concat")) {
                continue;
            }

            Nets smallest = SmallestNet.failing(seed, net -> contains(net, "Concat"));

            List<String> operators = operators(smallest);
            assertThat(operators).as("seed %d", seed).isEqualTo(operators(whole).subList(0, operators.size()));
            assertThat(operators.indexOf("Concat")).as("seed %d", seed).isEqualTo(operators.size() - 1);
            smaller += operators.size() < operators(whole).size() ? 1 : 0;
        }
        assertThat(smaller).isPositive();
    }

    @Test
    void isTheWholeNetWhereNothingSmallerFails() {
        for (int seed = 0; seed < SEEDS; seed++) {
            int layers = RandomNet.of(seed).layers();

            Nets smallest = SmallestNet.failing(seed, net -> net.layers() == layers);

            assertThat(smallest.open())
                    .as("seed %d", seed)
                    .isEqualTo(RandomNet.of(seed).open());
        }
    }

    @Test
    void listsEachNodeWithWhatItReadsAndWrites() {
        Nets net = new Nets(1, 13);
        net.input("image", 1, 2, 8, 6);
        net.layer(
                Nets.node("Conv", "image", net.weights(4, 2, 3, 3))
                        .addAttribute(Nets.string("auto_pad", "SAME_UPPER"))
                        .addAttribute(Nets.ints("strides", 2, 1)),
                1,
                4,
                4,
                6);
        net.layer(Nets.node("Slice", "t0", net.integers(-3), net.integers(4), net.integers(2)), 1, 4, 3, 6);

        assertThat(SmallestNet.listing(net))
                .isEqualTo(
                        """
                        opset 13
                        Conv(image[1, 2, 8, 6], c0[4, 2, 3, 3]) -> t0[1, 4, 4, 6] auto_pad=SAME_UPPER strides=[2, 1]
                        Slice(t0[1, 4, 4, 6], =[-3], =[4], =[2]) -> t1[1, 4, 3, 6]
                        """);
    }

    private static boolean contains(Nets net, String operator) {
        return operators(net).contains(operator);
    }

    private static List<String> operators(Nets net) {
        return net.open().getGraph().getNodeList().stream()
                .map(node -> node.getOpType())
                .toList();
    }
}
