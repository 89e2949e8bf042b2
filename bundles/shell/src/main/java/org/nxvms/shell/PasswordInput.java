// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;

/**
 * Where passwords come from: never from an argument, which would stand in the history and in process
 * lists.
 */
final class PasswordInput {
    /** Longer than any password; a wrong file name shall not be read into memory. */
    private static final int LENGTH_MAX = 1_000;

    private PasswordInput() {}

    /**
     * @param file a file whose first line is the password, {@code -} for standard input, or null to ask
     */
    static String read(Session session, String file, String prompt) throws IOException, CommandException {
        if (file == null) {
            return ask(session, prompt);
        }
        if (file.equals("-")) {
            return firstLine(session.getKeyboard(), "Standard input");
        }
        Path path = session.currentDir() == null
                ? Path.of(file)
                : session.currentDir().resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new CommandException("There is no file " + path + "; give a file whose first line is the password.");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return firstLine(in, "The file " + path);
        }
    }

    private static String ask(Session session, String prompt) throws IOException, CommandException {
        String answer;
        try {
            answer = session.readLine(prompt, '*');
        } catch (UnsupportedOperationException e) {
            // A session without a terminal: one line of its input.
            return firstLine(session.getKeyboard(), "Standard input");
        }
        if (answer == null || answer.isEmpty()) {
            throw new CommandException("No password was given.");
        }
        return answer;
    }

    private static String firstLine(InputStream in, String where) throws IOException, CommandException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && b != '\r'; b = in.read()) {
            line.write(b);
            if (line.size() > LENGTH_MAX) {
                throw new CommandException(where + " begins with more than " + LENGTH_MAX + " bytes without a line"
                        + " end; that is not a password.");
            }
        }
        if (line.size() == 0) {
            throw new CommandException(where + " holds no password in its first line.");
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
