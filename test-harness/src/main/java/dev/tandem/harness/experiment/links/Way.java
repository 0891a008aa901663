package dev.tandem.harness.experiment.links;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.Optional;

/** A way of dividing a model, or of coding what travels, and the way that it is compared with. */
public enum Way {
    RECOMPUTE,
    EXCHANGE,
    OVERLAP,
    CHOSEN,
    EXACT,
    LZ4,
    FLOAT16,
    FLOAT16_LZ4,
    INT8,
    INT8_LZ4;

    private static final int SHARDS = 4;
    private static final int STAGES = 3;

    /** The first four divide rows, the others are pipelines with a codec. */
    public DeployOrder order() {
        return switch (this) {
            case RECOMPUTE -> rows(Halo.RECOMPUTE);
            case EXCHANGE -> rows(Halo.EXCHANGE);
            case OVERLAP -> rows(Halo.OVERLAP);
            case CHOSEN -> rows(Halo.CHOSEN);
            case EXACT -> pipeline(Codec.EXACT);
            case LZ4 -> pipeline(Codec.LZ4);
            case FLOAT16 -> pipeline(Codec.FLOAT16);
            case FLOAT16_LZ4 -> pipeline(Codec.FLOAT16_LZ4);
            case INT8 -> pipeline(Codec.INT8);
            case INT8_LZ4 -> pipeline(Codec.INT8_LZ4);
        };
    }

    /** Halos that are recomputed for the divisions along rows, nothing coded for the pipelines. */
    Way baseline() {
        return order().halo().isPresent() ? RECOMPUTE : EXACT;
    }

    /** In words, with what it is done to. */
    String words() {
        return switch (this) {
            case RECOMPUTE -> "rows over " + SHARDS + ", halos recomputed";
            case EXCHANGE -> "rows over " + SHARDS + ", halos exchanged";
            case OVERLAP -> "rows over " + SHARDS + ", halos exchanged meanwhile";
            case CHOSEN -> "rows over " + SHARDS + ", halos as the planner chooses";
            default -> "pipeline over " + STAGES + ", " + order().codec().orElseThrow();
        };
    }

    private static DeployOrder rows(Halo halo) {
        return new DeployOrder(Scheme.ROWS, Objective.LATENCY, SHARDS, SHARDS).halo(Optional.of(halo));
    }

    private static DeployOrder pipeline(Codec codec) {
        return new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, STAGES, 1).coded(Optional.of(codec));
    }
}
