package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.planner.choice.DefaultPlanner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who makes the plans that are compared. */
public final class Planners {

    /** Tandem itself. */
    public static final String TANDEM = "tandem";

    private Planners() {}

    /** Tandem and some baselines, by name, in this order. */
    public static Map<String, Planner> tandemAnd(List<String> baselines) {
        Map<String, Planner> planners = new LinkedHashMap<>();
        planners.put(TANDEM, new DefaultPlanner());
        baselines.forEach(name -> planners.put(
                name, Objects.requireNonNull(Baselines.all().get(name), () -> "no baseline '" + name + "'")));
        return planners;
    }
}
