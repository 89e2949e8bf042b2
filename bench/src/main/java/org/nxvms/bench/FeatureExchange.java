// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** {@code feature:uninstall} and {@code feature:install} in the server's shell, as an administrator types it. */
final class FeatureExchange implements Exchange {
    /** The features service says in the log what it does to which bundle: a heading, then a line for each. */
    private static final Pattern HEADING = Pattern.compile("(Refreshing|Stopping|Uninstalling|Updating) bundles:");

    private static final Pattern LINE = Pattern.compile("FeaturesServiceImpl +\\| +\\| (.*)$");
    private static final Pattern BUNDLE = Pattern.compile("^ +([\\w.-]+)/[\\w.-]+");

    private final PackedServer server;
    private final Api api;
    private final Part part;
    private final int cameras;
    private final Path log;
    private long logBytes;

    FeatureExchange(PackedServer server, Api api, Part part, int cameras, Path log) {
        this.server = server;
        this.api = api;
        this.part = part;
        this.cameras = cameras;
        this.log = log;
    }

    @Override
    public void prepare() throws IOException {
        if (part == Part.INTEGRATION) {
            // Not in the server as it comes.
            shell("feature:install " + part.feature);
            Waiting.until("the integration is there", 20, this::isBack);
        }
        logBytes = Files.size(log);
    }

    @Override
    public void once() throws IOException {
        shell("feature:uninstall " + part.feature + "; feature:install " + part.feature);
    }

    private void shell(String command) throws IOException {
        Commands.Result done = server.shell(command);
        if (done.status() != 0) {
            throw new IOException(
                    "the feature " + part.feature + " was not exchanged: " + done.output() + done.errors());
        }
    }

    @Override
    public boolean isBack() {
        return part.path.isEmpty() ? Farm.recording(api) == cameras : Outage.answers(api, part);
    }

    @Override
    public List<String> touched() throws IOException {
        byte[] all = Files.readAllBytes(log);
        String said = new String(all, (int) logBytes, all.length - (int) logBytes, StandardCharsets.UTF_8);
        List<String> touched = new ArrayList<>();
        boolean below = false;
        for (String line : said.lines().toList()) {
            Matcher of = LINE.matcher(line);
            if (!of.find()) {
                continue;
            }
            Matcher bundle = BUNDLE.matcher(of.group(1));
            if (!bundle.find()) {
                below = HEADING.matcher(of.group(1)).find();
            } else if (below) {
                touched.add(of.group(1).strip());
            }
        }
        return touched;
    }
}
