package dev.tandem.harness.experiment.batch;

import dev.tandem.core.variant.ModelFamily;
import dev.tandem.core.variant.Place;
import dev.tandem.core.variant.ShareProblem;
import dev.tandem.core.variant.ShareRequest;
import dev.tandem.core.variant.ShareSearch;
import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.core.variant.Shares;
import dev.tandem.core.variant.Variant;
import dev.tandem.core.variant.VariantChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How every strategy shares the batches of a round, from the same rates and accuracies. */
public final class BatchPlans {

    /** Tandem's own comes last. */
    static final List<ShareStrategy> STRATEGIES = List.of(
            ShareStrategy.UNIFORM,
            ShareStrategy.PROPORTIONAL,
            ShareStrategy.UNIFORM_APPROXIMATED,
            ShareStrategy.PROPORTIONAL_APPROXIMATED,
            ShareStrategy.TANDEM);

    /**
     * By how much everyone plans to be quicker than required: the first images of a batch take a moment to arrive, and rates are
     * measured on machines that are a few per cent off their shares.
     */
    static final double MARGIN = 0.05;

    private static final String SOURCE = "measured on other pictures";

    private BatchPlans() {}

    /** Shares for a cell, before they are measured. */
    public record Planned(BatchTrial.Cell which, ShareRequest request, Shares shares) {

        /** As a line of the log. */
        public BatchTrial measured(double seconds, int correct) {
            return new BatchTrial(
                    which,
                    shares.images(),
                    request.imagesPerSecond(),
                    request.accuracy(),
                    shares.lanes(),
                    shares.imagesPerSecond(),
                    shares.accuracy(),
                    seconds,
                    correct);
        }
    }

    /** All cells of a round. */
    public static List<BatchTrial.Cell> cells(String bed, int round) {
        List<BatchTrial.Cell> cells = new ArrayList<>();
        for (BatchDemand demand : BatchDemand.values()) {
            for (ShareStrategy strategy : STRATEGIES) {
                cells.add(new BatchTrial.Cell(bed, demand, strategy, false, round));
                if (strategy != ShareStrategy.TANDEM) {
                    cells.add(new BatchTrial.Cell(bed, demand, strategy, true, round));
                }
            }
        }
        return cells;
    }

    /**
     * Shares for all of these cells.
     *
     * @param declared of every variant
     * @param rates of every variant on every node
     */
    public static List<Planned> of(
            List<BatchTrial.Cell> cells, List<DeclaredAccuracy> declared, List<VariantRate> rates, int images) {
        ShareProblem problem = problem(declared, rates, images);
        ShareSearch tandem = ShareStrategy.TANDEM.search(problem);
        return cells.stream()
                .map(cell -> {
                    ShareRequest request = cell.demand().on(problem);
                    Shares shares = VariantChoice.of(cell.strategy().search(problem), images, withMargin(request))
                            .shares();
                    Shares meant = cell.byTandem()
                            ? tandem.soonest(shares.accuracySum()).orElseThrow()
                            : shares;
                    return new Planned(cell, request, meant);
                })
                .toList();
    }

    private static ShareRequest withMargin(ShareRequest request) {
        return new ShareRequest(request.imagesPerSecond() * (1 + MARGIN), request.accuracy());
    }

    private static ShareProblem problem(List<DeclaredAccuracy> declared, List<VariantRate> rates, int images) {
        Map<String, Map<String, Double>> byNode = new LinkedHashMap<>();
        rates.forEach(rate -> byNode.computeIfAbsent(rate.node(), node -> new LinkedHashMap<>())
                .put(rate.variant(), rate.imagesPerSecond()));
        List<Place> places = byNode.entrySet().stream()
                .map(node -> Place.of(
                        node.getKey(),
                        declared.stream()
                                .map(variant ->
                                        Objects.requireNonNull(node.getValue().get(variant.variant())))
                                .toList(),
                        declared.stream().map(variant -> 0.0).toList()))
                .toList();
        ModelFamily family = new ModelFamily(
                "ImageNet",
                declared.stream()
                        .map(variant -> new Variant(variant.variant(), variant.top1(), SOURCE, 1, 1))
                        .toList());
        return new ShareProblem(family, places, images);
    }
}
