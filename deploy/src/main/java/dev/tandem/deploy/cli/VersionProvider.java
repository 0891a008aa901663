package dev.tandem.deploy.cli;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.inference.runtime.OnnxRuntime;
import picocli.CommandLine.IVersionProvider;

/** The versions of Tandem and of what it runs on. Does not load the native library. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "tandem " + BuildVersion.text(),
            "java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
            OnnxRuntime.build()
        };
    }
}
