package dev.tandem.harness.experiment.share;

import dev.tandem.core.topology.Topology;
import dev.tandem.core.variant.Place;
import dev.tandem.core.variant.ShareBound;
import dev.tandem.core.variant.ShareProblem;
import dev.tandem.core.variant.ShareRequest;
import dev.tandem.core.variant.ShareSearch;
import dev.tandem.core.variant.ShareStrategy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Every strategy on the same requests. */
public final class Trials {

    private final Topology boards;
    private final List<Demand> demands;

    /**
     * @param boards what shares the batches
     * @param requests how many are drawn
     */
    public Trials(Topology boards, long seed, int requests) {
        this.boards = boards;
        this.demands = Demand.draw(seed, requests);
    }

    /** All requests in a setting. */
    public List<Trial> run(Setting setting) {
        Map<Integer, Batch> batches = new TreeMap<>();
        List<Place> places = setting.places(boards);
        return demands.stream()
                .map(demand -> batches.computeIfAbsent(demand.images(), images -> Batch.of(places, images))
                        .trial(setting, demand))
                .toList();
    }

    /** What strategies can make of batches of one size. */
    private record Batch(ShareProblem problem, ShareBound bound, Map<ShareStrategy, ShareSearch> searches) {

        static Batch of(List<Place> places, int images) {
            ShareProblem problem = new ShareProblem(MobileNetVariants.FAMILY, places, images);
            Map<ShareStrategy, ShareSearch> searches = new EnumMap<>(ShareStrategy.class);
            for (ShareStrategy strategy : ShareStrategy.values()) {
                searches.put(strategy, strategy.search(problem));
            }
            return new Batch(problem, new ShareBound(problem), searches);
        }

        Trial trial(Setting setting, Demand demand) {
            ShareRequest request = demand.on(bound);
            ShareSearch tandem = Objects.requireNonNull(searches.get(ShareStrategy.TANDEM));
            Map<ShareStrategy, Answer> answers = new EnumMap<>(ShareStrategy.class);
            searches.forEach((strategy, search) ->
                    answers.put(strategy, Answer.of(search, tandem, bound, problem.images(), request)));
            return new Trial(
                    setting,
                    demand.number(),
                    problem.images(),
                    request,
                    demand.ofBound(),
                    bound.imagesPerSecond(request.accuracy()),
                    bound.accuracy(request.imagesPerSecond()),
                    bound.correctInTime(request.imagesPerSecond()),
                    answers);
        }
    }
}
