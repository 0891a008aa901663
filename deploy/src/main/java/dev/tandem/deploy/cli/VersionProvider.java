package dev.tandem.deploy.cli;

import ai.onnxruntime.OrtException;
import dev.tandem.deploy.wiring.BuildVersion;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The versions of Tandem and of what it runs on. Does not load the native library. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String runtime = Optional.ofNullable(OrtException.class.getPackage().getImplementationVersion())
                .orElse("bundled");
        return new String[] {
            "tandem " + BuildVersion.text(),
            "java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
            "onnxruntime " + runtime
        };
    }
}
