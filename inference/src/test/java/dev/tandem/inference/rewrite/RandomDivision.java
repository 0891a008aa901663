package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A random net, which part of it is divided, and how. */
record RandomDivision(Nets net, ModelGraph graph, Segment segment, Division division) {

    static RandomDivision of(Nets net, Set<Axis> axes, long seed) {
        ModelGraph graph = net.graph();
        return new RandomDivision(net, graph, segment(graph, axes, new Random(seed)), division(axes, seed));
    }

    /** The same for every net. */
    static Division division(Set<Axis> axes, long seed) {
        Random random = new Random(seed);
        Map<Axis, List<Double>> shares = new EnumMap<>(Axis.class);
        axes.forEach(axis -> shares.put(axis, shares(axis, random)));
        return new Division(shares);
    }

    Set<Axis> axes() {
        return division.shares().keySet();
    }

    /** Of what cannot be divided the longest beginning that can is taken. */
    private static Segment segment(ModelGraph graph, Set<Axis> axes, Random random) {
        int from = random.nextInt(3) == 0 ? random.nextInt(graph.layers().size()) : 0;
        int to = graph.layers().size();
        for (Axis axis : axes) {
            while (to > from + 1
                    && Divisibility.refusal(graph, axis, new Segment(from, to), 2)
                            .isPresent()) {
                to--;
            }
        }
        return new Segment(from, to);
    }

    private static List<Double> shares(Axis axis, Random random) {
        int parts = axis == Axis.ROWS ? 2 + random.nextInt(3) : 2;
        List<Double> shares = new ArrayList<>();
        for (int shard = 0; shard < parts; shard++) {
            shares.add(0.3 + random.nextDouble());
        }
        return shares;
    }
}
