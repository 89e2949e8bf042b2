// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists and texts: what VAPIX needs of it. Numbers and truth values become texts. */
final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();
    /** VAPIX stays below ten. */
    private static final int DEPTH_MAX = 32;

    private JsonTree() {}

    static Object parse(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            Object value = value(parser, 0);
            if (parser.nextToken() != null) {
                throw new IOException("something follows the JSON");
            }
            return value;
        }
    }

    private static Object value(JsonParser parser, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IOException("JSON nested deeper than " + DEPTH_MAX);
        }
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("JSON ends too soon");
        }
        switch (token) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser, depth + 1));
                }
                return map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, depth + 1));
                }
                return list;
            }
            case VALUE_NULL -> {
                return "";
            }
            default -> {
                return parser.getText();
            }
        }
    }

    /** {@return what is at a path of names; an empty map where nothing is} */
    static Object at(Object tree, String... path) {
        Object here = tree;
        for (String name : path) {
            here = here instanceof Map<?, ?> map && map.containsKey(name) ? map.get(name) : Map.of();
        }
        return here;
    }

    static String text(Object tree, String... path) {
        return at(tree, path) instanceof String text ? text : "";
    }

    static List<?> list(Object tree, String... path) {
        return at(tree, path) instanceof List<?> list ? list : List.of();
    }

    static Map<?, ?> map(Object tree, String... path) {
        return at(tree, path) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** {@return a call of a method, as newer VAPIX interfaces take it} */
    static String call(String method, Object params) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, Map.of("apiVersion", "1.0", "context", "nxvms", "method", method, "params", params));
        } catch (IOException impossible) {
            throw new IllegalStateException("a text takes everything", impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, each);
            }
            json.writeEndArray();
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else {
            json.writeString(value.toString());
        }
    }
}
