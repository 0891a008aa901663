package dev.tandem.core.region;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How the outputs of a segment are dealt out to shards: by share along each of some axes, every combination of parts being
 * one shard. Rows by columns are the tiles of a grid, in the order of reading.
 *
 * @param shares positive, in any unit, by axis; at least one axis
 */
public record Division(Map<Axis, List<Double>> shares) {

    public Division {
        if (shares.isEmpty() || shares.values().stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("division " + shares + " must have shares along at least one axis");
        }
        shares = Collections.unmodifiableMap(new EnumMap<>(shares));
    }

    /** Along one axis. */
    public static Division along(Axis axis, List<Double> shares) {
        return new Division(Map.of(axis, List.copyOf(shares)));
    }

    /** Into so many equal parts of rows and columns. */
    public static Division grid(int rows, int columns) {
        return new Division(
                Map.of(Axis.ROWS, Collections.nCopies(rows, 1.0), Axis.COLUMNS, Collections.nCopies(columns, 1.0)));
    }

    /** How many shards it makes. */
    public int parts() {
        return shares.values().stream().mapToInt(List::size).reduce(1, Math::multiplyExact);
    }

    /** Which part along each axis each shard has, in the order of the shards: the last axis changes first. */
    List<Map<Axis, Integer>> places() {
        List<Map<Axis, Integer>> places = List.of(Map.of());
        for (Map.Entry<Axis, List<Double>> along : shares.entrySet()) {
            List<Map<Axis, Integer>> finer = new ArrayList<>();
            for (Map<Axis, Integer> place : places) {
                for (int part = 0; part < along.getValue().size(); part++) {
                    Map<Axis, Integer> next = new EnumMap<>(Axis.class);
                    next.putAll(place);
                    next.put(along.getKey(), part);
                    finer.add(next);
                }
            }
            places = finer;
        }
        return places;
    }
}
