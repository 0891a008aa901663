package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.tensor.TensorValue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where requests of a load go. Safe for several threads. */
@FunctionalInterface
interface Asked {

    /** The model's outputs by their names, by the deadline at the latest. */
    CompletionStage<Map<String, TensorValue>> infer(Map<String, TensorValue> inputs, Duration deadline);
}
