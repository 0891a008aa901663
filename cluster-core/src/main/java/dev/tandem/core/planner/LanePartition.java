package dev.tandem.core.planner;

import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Deals machines out to lanes so that the sum of the lanes' rates is the largest: dynamic programming over sets of
 * machines, in which the lane of the lowest machine is taken away first. Exact; {@code 3^machines} steps. Machines may stay
 * without a lane.
 */
final class LanePartition {

    private final List<Node> machines;
    private final double[] laneRates;
    private final double[] best;
    /** The lane of the lowest machine of a set; 0 where that machine has none. */
    private final int[] lane;

    private LanePartition(List<Node> machines, IntToDoubleFunction laneRate) {
        this.machines = machines;
        int sets = 1 << machines.size();
        laneRates = new double[sets];
        best = new double[sets];
        lane = new int[sets];
        for (int set = 1; set < sets; set++) {
            laneRates[set] = laneRate.applyAsDouble(set);
            fill(set);
        }
    }

    /**
     * The lanes, as bits, the fastest first; empty where there are no two.
     *
     * @param mostNodes different nodes that all lanes together may use
     * @param laneRate requests per second of the best lane over all machines of a set; 0 where there is none
     */
    static List<Integer> best(List<Node> machines, int mostNodes, IntToDoubleFunction laneRate) {
        LanePartition partition = new LanePartition(machines, laneRate);
        int chosen = 0;
        int chosenLane = 0;
        double most = 0;
        for (int set = 1; set < 1 << machines.size(); set++) {
            if (partition.nodes(set) <= mostNodes) {
                int first = partition.firstOfTwo(set);
                double rate = first == 0 ? 0 : partition.laneRates[first] + partition.best[set ^ first];
                if (rate > most) {
                    most = rate;
                    chosen = set;
                    chosenLane = first;
                }
            }
        }
        return most == 0 ? List.of() : partition.lanes(chosen, chosenLane);
    }

    private void fill(int set) {
        int lowest = Integer.lowestOneBit(set);
        best[set] = best[set ^ lowest];
        for (int part = set; part > 0; part = (part - 1) & set) {
            if ((part & lowest) != 0 && laneRates[part] > 0 && laneRates[part] + best[set ^ part] > best[set]) {
                best[set] = laneRates[part] + best[set ^ part];
                lane[set] = part;
            }
        }
    }

    /** The lane of the lowest machine that leaves the most to at least one other lane; 0 where there is none. */
    private int firstOfTwo(int set) {
        int lowest = Integer.lowestOneBit(set);
        int first = 0;
        double most = 0;
        for (int part = (set - 1) & set; part > 0; part = (part - 1) & set) {
            double rate = laneRates[part] + best[set ^ part];
            if ((part & lowest) != 0 && laneRates[part] > 0 && best[set ^ part] > 0 && rate > most) {
                most = rate;
                first = part;
            }
        }
        return first;
    }

    private List<Integer> lanes(int set, int first) {
        List<Integer> lanes = new ArrayList<>();
        lanes.add(first);
        int left = set ^ first;
        while (left != 0) {
            if (lane[left] != 0) {
                lanes.add(lane[left]);
            }
            left ^= lane[left] != 0 ? lane[left] : Integer.lowestOneBit(left);
        }
        lanes.sort(Comparator.comparingDouble((Integer each) -> laneRates[each])
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
        return List.copyOf(lanes);
    }

    private long nodes(int set) {
        return IntStream.range(0, machines.size())
                .filter(machine -> (set & 1 << machine) != 0)
                .mapToObj(machine -> machines.get(machine).id())
                .distinct()
                .count();
    }
}
