// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.nxvms.itests.harness.ApiWitness.Exchange;

/** A server's OpenAPI document, asked whether it knows an exchange. */
final class ApiDocument {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final String PROBLEM = "application/problem+json";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonNode document;
    private final ApiShapes shapes;
    private final List<Address> addresses = new ArrayList<>();

    /** @param names how many names of the path stand for something */
    private record Address(String path, Pattern pattern, int names, JsonNode operations) {}

    ApiDocument(JsonNode document) {
        this.document = document;
        this.shapes = new ApiShapes(document);
        document.get("paths")
                .properties()
                .forEach(path -> addresses.add(new Address(
                        path.getKey(),
                        Pattern.compile(path.getKey().replaceAll("\\{[^}]+}", "[^/]+")),
                        path.getKey().split("\\{", -1).length - 1,
                        path.getValue())));
        addresses.sort(Comparator.comparingInt(Address::names));
    }

    /** {@return whether there is an operation at the address of a request} */
    boolean knows(String path) {
        return find(path).isPresent();
    }

    /** {@return all that it names, as method and path} */
    List<String> operations() {
        return addresses.stream()
                .flatMap(address -> address.operations().properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(METHODS::contains)
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + address.path()))
                .toList();
    }

    /** {@return the operation of a request, as method and path} */
    Optional<String> operation(Exchange exchange) {
        return find(exchange.uri().getPath())
                .filter(address -> address.operations().has(exchange.method().toLowerCase(Locale.ROOT)))
                .map(address -> exchange.method() + " " + address.path());
    }

    /** {@return what of an exchange the document does not say; empty when all is as it says} */
    List<String> faults(Exchange exchange) {
        Optional<Address> address = find(exchange.uri().getPath());
        List<String> faults = new ArrayList<>();
        if (address.isEmpty()) {
            if (exchange.status() != 404 && exchange.status() != 401) {
                faults.add("is at no address of the document");
            }
            checkProblem(exchange, faults);
            return faults;
        }
        JsonNode operation = address.get().operations().path(exchange.method().toLowerCase(Locale.ROOT));
        if (operation.isMissingNode() || exchange.status() == 405 || exchange.status() == 406) {
            if (exchange.status() != 405 && exchange.status() != 406 && exchange.status() != 401) {
                faults.add("is no operation of " + address.get().path());
            }
            checkProblem(exchange, faults);
            return faults;
        }
        checkAnswer(exchange, operation, faults);
        if (exchange.status() < 400) {
            checkParameters(exchange, operation, faults);
            checkBody(exchange, operation, faults);
        }
        return faults;
    }

    private Optional<Address> find(String path) {
        return addresses.stream()
                .filter(address -> address.pattern().matcher(path).matches())
                .findFirst();
    }

    private void checkAnswer(Exchange exchange, JsonNode operation, List<String> faults) {
        JsonNode answer = operation.path("responses").path(Integer.toString(exchange.status()));
        if (answer.has("$ref")) {
            answer = document.at(answer.get("$ref").asText().substring(1));
        }
        boolean nothingThere = exchange.status() == 404 && text(exchange).contains("/problems/no-such-path");
        if (answer.isMissingNode() && !nothingThere) {
            faults.add("answers " + exchange.status() + ", which the document does not name");
        }
        if (exchange.status() >= 400 && type(exchange).equals(PROBLEM)) {
            checkProblem(exchange, faults);
            return;
        }
        JsonNode content = answer.path("content");
        if (content.isEmpty() || exchange.status() == 304) {
            if (exchange.bytes().length > 0) {
                faults.add("answers with a body, which the document does not name: " + text(exchange));
            }
            return;
        }
        JsonNode media = content.has(type(exchange)) ? content.get(type(exchange)) : content.path("*/*");
        if (media.isMissingNode()) {
            faults.add("answers " + type(exchange) + ", where the document names " + names(content));
        } else if (type(exchange).equals("application/json")) {
            faults.addAll(fits(media.path("schema"), false, exchange.bytes(), "answer"));
        }
    }

    private void checkProblem(Exchange exchange, List<String> faults) {
        if (exchange.status() >= 400 && !type(exchange).equals(PROBLEM)) {
            faults.add("answers " + exchange.status() + " with " + type(exchange) + " instead of a problem");
            return;
        }
        JsonNode schema = JSON.objectNode().put("$ref", "#/components/schemas/Problem");
        faults.addAll(fits(schema, false, exchange.bytes(), "problem"));
        boolean later = exchange.status() == 429 || exchange.status() == 503;
        if (later && exchange.answered().firstValue("retry-after").isEmpty()) {
            faults.add("answers " + exchange.status() + " without Retry-After");
        }
    }

    private void checkParameters(Exchange exchange, JsonNode operation, List<String> faults) {
        String query = exchange.uri().getRawQuery();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            String name = URLDecoder.decode(pair.replaceFirst("=.*", ""), StandardCharsets.UTF_8);
            String value = URLDecoder.decode(pair.replaceFirst("[^=]*=?", ""), StandardCharsets.UTF_8);
            JsonNode parameter = parameter(operation, "query", name);
            if (parameter.isMissingNode()) {
                faults.add("takes the parameter " + name + ", which the document does not name");
            } else {
                shapes.faults(parameter.path("schema"), true, value(parameter.at("/schema/type"), value))
                        .forEach(fault -> faults.add("takes the parameter " + name + ": " + fault));
            }
        }
        for (String header : List.of("If-Match", "If-None-Match", "Idempotency-Key")) {
            if (exchange.asked().firstValue(header).isPresent()
                    && parameter(operation, "header", header).isMissingNode()) {
                faults.add("takes the header " + header + ", which the document does not name");
            }
        }
    }

    private static JsonNode parameter(JsonNode operation, String in, String name) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals(in)
                    && parameter.path("name").asText().equals(name)) {
                return parameter;
            }
        }
        return JSON.missingNode();
    }

    private static JsonNode value(JsonNode type, String text) {
        boolean number = text.matches("-?\\d{1,18}");
        if ("integer".equals(type.asText()) && number) {
            return JSON.numberNode(Long.parseLong(text));
        }
        if ("boolean".equals(type.asText()) && text.matches("true|false")) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        return JSON.textNode(text);
    }

    private void checkBody(Exchange exchange, JsonNode operation, List<String> faults) {
        JsonNode content = operation.at("/requestBody/content");
        if (exchange.body().isEmpty()) {
            if (operation.at("/requestBody/required").asBoolean()) {
                faults.add("takes no body, where the document asks for one");
            }
            return;
        }
        String sent = type(exchange.asked());
        JsonNode media = content.has(sent) ? content.get(sent) : content.path("*/*");
        if (media.isMissingNode()) {
            faults.add("takes a body of " + sent + ", where the document names " + names(content));
        } else if (sent.equals("application/json")) {
            faults.addAll(
                    fits(media.path("schema"), true, exchange.body().getBytes(StandardCharsets.UTF_8), "request"));
        }
    }

    private List<String> fits(JsonNode schema, boolean request, byte[] json, String what) {
        try {
            return shapes.faults(schema, request, MAPPER.readTree(json)).stream()
                    .map(fault -> what + " " + fault)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return operations whose examples are missing or do not fit their schema} */
    List<String> wrongExamples() {
        List<String> wrong = new ArrayList<>();
        for (Address address : addresses) {
            address.operations().properties().forEach(operation -> {
                String name = operation.getKey() + " " + address.path();
                JsonNode body = operation.getValue().at("/requestBody/content");
                body.forEach(media -> checkExample(media, true, name, wrong));
                operation.getValue().path("responses").forEach(answer -> answer.path("content")
                        .properties()
                        .forEach(media -> {
                            if (media.getKey().endsWith("json")) {
                                checkExample(media.getValue(), false, name, wrong);
                            }
                        }));
            });
        }
        document.at("/components/responses")
                .forEach(answer -> checkExample(answer.path("content").path(PROBLEM), false, "components", wrong));
        return wrong;
    }

    private void checkExample(JsonNode media, boolean request, String name, List<String> wrong) {
        boolean bytes = media.at("/schema/format").asText().equals("binary");
        if (!media.has("example") && !bytes) {
            wrong.add(name + " has no example");
        } else if (!bytes) {
            shapes.faults(media.path("schema"), request, media.get("example"))
                    .forEach(fault -> wrong.add(name + ": example " + fault));
        }
    }

    private static String type(Exchange exchange) {
        return type(exchange.answered());
    }

    private static String type(HttpHeaders headers) {
        return headers.firstValue("content-type")
                .orElse("")
                .replaceFirst(";.*", "")
                .strip();
    }

    private static String text(Exchange exchange) {
        return new String(exchange.bytes(), StandardCharsets.UTF_8);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
