package dev.tandem.harness.experiment.emulated;

/** Where plans compete: a model on a test bed. */
public record Setting(String bed, String model) {

    @Override
    public String toString() {
        return model + " on bed " + bed;
    }
}
