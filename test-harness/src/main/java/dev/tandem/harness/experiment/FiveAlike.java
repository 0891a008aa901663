package dev.tandem.harness.experiment;

import dev.tandem.harness.experiment.survival.AskedModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The bed of five machines more alike than not, and the small model that is asked there many times a second. */
final class FiveAlike {

    static final String FILE = "examples/testbed/five-alike.conf";
    static final String NAME = "five-alike";

    /** The same where no network card is ever the limit, so that every machine is of use. */
    static final String FILE_10G = "examples/testbed/five-alike-10g.conf";

    static final String NAME_10G = "five-alike-10g";
    static final String MODEL = "mobilenet-v1-0.25";

    /** So many requests may wait until what was lost has been replaced: some seconds of them. */
    static final Map<String, String> PATIENT_GATEWAY = Map.of("TANDEM_GATEWAY_QUEUE_CAPACITY", "1024");

    private static final int RESOLUTION = 128;

    private FiveAlike() {}

    /** A model, the small one at 128 pixels, written and folded in a folder and asked there. */
    static AskedModel asked(String model, Path folder) throws IOException {
        return AskedModel.prepare(write(model, folder), folder);
    }

    /** The file of a model, the small one at 128 pixels. */
    static Path write(String model, Path folder) throws IOException {
        ZooOptions usual = ZooOptions.defaults();
        return BuiltInModel.named(model).write(folder, model.equals(MODEL) ? usual.withResolution(RESOLUTION) : usual);
    }
}
