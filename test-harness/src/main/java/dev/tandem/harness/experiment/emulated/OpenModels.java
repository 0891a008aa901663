package dev.tandem.harness.experiment.emulated;

import java.util.ArrayList;
import java.util.List;

/** Models on a bed, to be closed together. */
public final class OpenModels implements AutoCloseable {

    private final List<BedModel> models = new ArrayList<>();

    /** Owns it from now on; returns it. */
    public BedModel add(BedModel model) {
        models.add(model);
        return model;
    }

    @Override
    public void close() {
        models.forEach(BedModel::close);
    }
}
