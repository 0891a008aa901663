package dev.tandem.actors.supervisor;

import dev.tandem.config.PlannerCodec;
import dev.tandem.config.PlannerObjective;
import dev.tandem.config.PlannerScheme;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;

/** What the planner's settings name, in the domain's own types: settings and domain do not know each other. */
public final class PlannerNames {

    private PlannerNames() {}

    public static Scheme scheme(PlannerScheme scheme) {
        return switch (scheme) {
            case AUTO -> Scheme.AUTO;
            case SINGLE -> Scheme.SINGLE;
            case PIPELINE -> Scheme.PIPELINE;
            case ROWS -> Scheme.ROWS;
            case GRID -> Scheme.GRID;
            case CHANNELS -> Scheme.CHANNELS;
            case BATCH -> Scheme.BATCH;
            case BRANCHES -> Scheme.BRANCHES;
            case HYBRID -> Scheme.HYBRID;
            case LANES -> Scheme.LANES;
        };
    }

    public static Codec codec(PlannerCodec codec) {
        return switch (codec) {
            case EXACT -> Codec.EXACT;
            case FLOAT16 -> Codec.FLOAT16;
            case INT8 -> Codec.INT8;
            case LZ4 -> Codec.LZ4;
            case FLOAT16_LZ4 -> Codec.FLOAT16_LZ4;
            case INT8_LZ4 -> Codec.INT8_LZ4;
        };
    }

    public static Objective objective(PlannerObjective objective) {
        return switch (objective) {
            case LATENCY -> Objective.LATENCY;
            case THROUGHPUT -> Objective.THROUGHPUT;
            case ENERGY -> Objective.ENERGY;
            case ENERGY_DELAY -> Objective.ENERGY_DELAY;
        };
    }
}
