package dev.tandem.inference.runtime;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of small models that the test writes. */
abstract class ModelSessionCase {

    static final SessionSettings SETTINGS = SessionSettings.defaults();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;
}
