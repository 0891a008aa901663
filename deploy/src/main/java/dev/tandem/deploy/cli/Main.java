package dev.tandem.deploy.cli;

/** The entry point of the program. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        // Pictures are decoded without a display; set before any class of java.desktop is loaded.
        System.setProperty("java.awt.headless", "true");
        System.exit(Program.run(Terminal.ofProcess(), arguments).code());
    }
}
