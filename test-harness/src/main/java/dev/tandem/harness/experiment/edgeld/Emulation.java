package dev.tandem.harness.experiment.edgeld;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.planner.GatheredRowsPlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.planner.choice.DefaultPlanner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** All that is compared for one network, on clusters like the papers'. */
public final class Emulation {

    /** Followers of the papers' clusters. */
    public static final int MOST_FOLLOWERS = 4;

    /** EdgeDI's code counts 2^20 bits in a megabit. */
    private static final double BYTES_PER_SECOND_OF_ONE_MBIT = (1 << 20) / 8.0;

    /** Followers' links in Mbit/s: the same for all, and EdgeLD's mixed ones, of which the ends are known. */
    private static final Map<String, List<Double>> NETWORKS = networks();

    /** Rates of the followers: EdgeLD's equal machines, and EdgeDI's Raspberry Pi 3B+ and 4B in turn. */
    private static final Map<String, List<Double>> RATES = rates();

    private final String model;
    private final ModelGraph graph;
    private final RowChain chain;

    public Emulation(String model, ModelGraph graph) {
        this.model = model;
        this.graph = graph;
        this.chain = RowChain.of(graph);
    }

    /** Names of the networks. */
    public static List<String> networkNames() {
        return List.copyOf(NETWORKS.keySet());
    }

    /** On one network, one cluster after the other, with up to so many followers. */
    public List<Comparison> compare(String network, int mostFollowers) {
        List<Double> mbits = Objects.requireNonNull(NETWORKS.get(network), network);
        List<Comparison> all = new ArrayList<>();
        RATES.forEach((rates, followerRates) -> {
            for (int count = 1; count <= mostFollowers; count++) {
                List<Follower> followers = IntStream.range(0, count)
                        .mapToObj(index ->
                                new Follower(followerRates.get(index), mbits.get(index) * BYTES_PER_SECOND_OF_ONE_MBIT))
                        .toList();
                all.add(compare(new Setting(model, rates, network, count), followers));
            }
        });
        return all;
    }

    private Comparison compare(Setting setting, List<Follower> followers) {
        Optimum optimum = new Optimum(chain, followers);
        Published published = new Published(chain, followers);
        return new Comparison(
                setting,
                published.bodpPerLayer(),
                published.bodp(),
                published.ocbp(),
                published.balanced(),
                planned(GatheredRowsPlanner.withFreeLeader(), Clusters.star(graph, followers)),
                optimum.seconds(Optimum.Space.CONVOLUTIONS),
                optimum.seconds(Optimum.Space.ANY_LAYERS),
                optimum.seconds(Optimum.Space.ANY_LAYERS_RELAYED),
                switched(followers));
    }

    private Map<String, Double> switched(List<Follower> followers) {
        PlanRequest request = Clusters.switched(graph, followers);
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put(Comparison.TANDEM, planned(new DefaultPlanner(), request));
        Baselines.all().forEach((name, planner) -> {
            if (planner.plan(request) instanceof Planned found) {
                seconds.put(name, found.plan().predicted().latencySeconds());
            }
        });
        return seconds;
    }

    private static double planned(Planner planner, PlanRequest request) {
        PlanResult result = planner.plan(request);
        if (result instanceof Planned found) {
            return found.plan().predicted().latencySeconds();
        }
        throw new IllegalStateException("no plan for " + request.graph().name() + ": " + result);
    }

    private static Map<String, List<Double>> networks() {
        Map<String, List<Double>> networks = new LinkedHashMap<>();
        for (double mbit : List.of(50.0, 100.0, 1000.0)) {
            networks.put(String.valueOf((int) mbit), List.of(mbit, mbit, mbit, mbit));
        }
        networks.put("100 to 1000", List.of(100.0, 1000.0, 400.0, 700.0));
        return networks;
    }

    private static Map<String, List<Double>> rates() {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        rates.put("equal", List.of(1.0, 1.0, 1.0, 1.0));
        rates.put("1 and 1.5", List.of(1.0, 1.5, 1.0, 1.5));
        return rates;
    }
}
