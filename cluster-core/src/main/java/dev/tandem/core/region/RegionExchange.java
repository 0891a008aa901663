package dev.tandem.core.region;

import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who sends what to whom: the overlaps of what producers own of a tensor with what consumers need of it.
 *
 * <p>Works along all axes at once, so that rows may be divided at one end and channels at the other.
 */
public final class RegionExchange {

    /**
     * What one producer sends to one consumer.
     *
     * @param producer index into the producers
     * @param consumer index into the consumers
     */
    public record Piece(int producer, int consumer, Region region) {}

    private RegionExchange() {}

    /**
     * The overlaps that are not empty, by consumer and then by producer.
     *
     * @param producers what each producer owns of the tensor; must not overlap
     * @param consumers what each consumer needs of it; may overlap
     * @throws IllegalArgumentException when producers overlap, or when a consumer needs what no producer owns
     */
    public static List<Piece> pieces(TensorSpec tensor, List<Region> producers, List<Region> consumers) {
        requireDisjoint(tensor, producers);
        List<Piece> pieces = new ArrayList<>();
        for (int consumer = 0; consumer < consumers.size(); consumer++) {
            pieces.addAll(piecesFor(tensor, producers, consumers.get(consumer), consumer));
        }
        return List.copyOf(pieces);
    }

    private static List<Piece> piecesFor(TensorSpec tensor, List<Region> producers, Region need, int consumer) {
        List<Piece> pieces = new ArrayList<>();
        long covered = 0;
        for (int producer = 0; producer < producers.size(); producer++) {
            Optional<Region> overlap = producers.get(producer).intersect(need);
            if (overlap.isPresent()) {
                pieces.add(new Piece(producer, consumer, overlap.get()));
                covered += overlap.get().elements(tensor);
            }
        }
        long needed = need.elements(tensor);
        if (covered != needed) {
            throw new IllegalArgumentException("consumer " + consumer + " needs " + needed + " elements (" + need
                    + ") of tensor '" + tensor.name() + "', but the producers own " + covered + " of them: " + producers
                    + ".");
        }
        return pieces;
    }

    private static void requireDisjoint(TensorSpec tensor, List<Region> producers) {
        for (int first = 0; first < producers.size(); first++) {
            for (int second = first + 1; second < producers.size(); second++) {
                if (producers.get(first).overlaps(producers.get(second))) {
                    throw new IllegalArgumentException("producers " + first + " (" + producers.get(first) + ") and "
                            + second + " (" + producers.get(second) + ") of tensor '" + tensor.name()
                            + "' must not overlap.");
                }
            }
        }
    }
}
