package dev.tandem.deploy.drawing;

import dev.tandem.core.cost.PlanExplanation;
import dev.tandem.core.cost.PlanExplanation.PieceTime;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.sim.Arrivals;
import dev.tandem.core.sim.Scenario;
import dev.tandem.core.sim.Simulation;
import dev.tandem.core.sim.Span;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a plan does when: for one request, as predicted, and for many, as simulated. */
final class Timelines {

    private static final double PERIODS = 4;
    private static final double WINDOWS_BEFORE = 2;
    private static final long SEED = 1;

    private final PlanRequest request;
    private final Plan plan;
    private final PlanExplanation explained;
    private final Legend legend;

    Timelines(PlanRequest request, Plan plan, PlanExplanation explained, Legend legend) {
        this.request = request;
        this.plan = plan;
        this.explained = explained;
        this.legend = legend;
    }

    /** One request of each lane, alone on an idle cluster. */
    Gantt alone() {
        List<Bar> computing = explained.shards().stream()
                .map(shard -> new Bar(
                        row(shard.place().toString(), shard.lane()),
                        shard.beginSeconds(),
                        shard.endSeconds(),
                        legend.color(shard.lane(), shard.shard()),
                        legend.label(shard.lane(), shard.shard())))
                .toList();
        List<Bar> travelling = explained.pieces().stream()
                .filter(piece -> !piece.from().equals(piece.to()))
                .map(piece -> new Bar(
                        row(piece.from() + " -> " + piece.to(), piece.lane()),
                        piece.departSeconds(),
                        piece.arriveSeconds(),
                        legend.color(piece.lane(), piece.producer()),
                        legend.label(piece.lane(), piece.consumer())))
                .toList();
        List<Bar> bars = Stream.concat(computing.stream(), travelling.stream()).toList();
        double end = bars.stream().mapToDouble(Bar::endSeconds).max().orElse(0);
        String title = plan.lanes().size() > 1
                ? "One request of each lane, alone on an idle cluster"
                : "One request, alone on an idle cluster";
        return new Gantt(title + " (on a link: where to)", rows(bars), bars, 0, end);
    }

    /** Some of many requests, when there are as many as the plan can take. */
    Gantt steady() {
        Simulation simulation = Simulation.of(request.cost(), request.gatewayNode(), plan);
        double window = window();
        double requests = (2 * WINDOWS_BEFORE * window) / explained.periodSeconds() + 4.0 * simulation.saturation();
        Arrivals arrivals = new Arrivals.ClosedLoop((int) Math.ceil(requests), simulation.saturation());
        List<Span> spans = new ArrayList<>();
        double middle = simulation.run(Scenario.of(arrivals, SEED), spans::add).durationSeconds() / 2;
        Map<String, Color> colors = colors();
        List<Bar> bars = spans.stream()
                .filter(span -> span.endSeconds() > middle && span.beginSeconds() < middle + window)
                .map(span -> new Bar(
                        span.resource(),
                        span.beginSeconds(),
                        span.endSeconds(),
                        colors.getOrDefault(key(span.lane(), producer(span)), Ink.GATEWAY),
                        Integer.toString(span.request())))
                .toList();
        return new Gantt(
                "At full throughput, simulated (with the number of the request)",
                rows(bars),
                bars,
                middle,
                middle + window);
    }

    /** Long enough to see the busiest and the slowest repeat. */
    private double window() {
        double longest = explained.shards().stream()
                .mapToDouble(PlanExplanation.ShardTime::computeSeconds)
                .max()
                .orElse(0);
        double transfer = explained.pieces().stream()
                .mapToDouble(PieceTime::linkSeconds)
                .max()
                .orElse(0);
        return Math.max(PERIODS * explained.periodSeconds(), PERIODS / 2 * Math.max(longest, transfer));
    }

    private Map<String, Color> colors() {
        Map<String, Color> colors = new HashMap<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            Lane each = plan.lanes().get(lane);
            for (int stage = 0; stage < each.stages().size(); stage++) {
                for (int shard = 0; shard < each.stages().get(stage).shards().size(); shard++) {
                    Endpoint endpoint = new Endpoint(stage, shard);
                    colors.put(key(lane, endpoint.toString()), legend.color(lane, endpoint));
                }
            }
        }
        return colors;
    }

    private static String key(int lane, String endpoint) {
        return lane + ":" + endpoint;
    }

    /** The shard that computes or sends. */
    private static String producer(Span span) {
        return span.work().split(" -> ", 2)[0];
    }

    /** Lanes do not share a row where each has a request of its own. */
    private String row(String resource, int lane) {
        return plan.lanes().size() > 1 ? lane + ": " + resource : resource;
    }

    /** Core groups before links, in the order of their first use. */
    private List<String> rows(List<Bar> bars) {
        Collection<String> computing = new LinkedHashSet<>();
        Collection<String> travelling = new LinkedHashSet<>();
        explained.shards().forEach(shard -> {
            computing.add(shard.place().toString());
            computing.add(row(shard.place().toString(), shard.lane()));
        });
        explained.pieces().forEach(piece -> {
            travelling.add(piece.from() + " -> " + piece.to());
            travelling.add(row(piece.from() + " -> " + piece.to(), piece.lane()));
        });
        List<String> used = bars.stream().map(Bar::row).distinct().toList();
        return Stream.concat(computing.stream(), travelling.stream())
                .filter(used::contains)
                .toList();
    }
}
