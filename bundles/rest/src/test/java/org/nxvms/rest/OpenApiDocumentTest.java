// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
    private static JsonNode part(String base, String path, String method, String more) {
        String document =
                """
                {"openapi":"3.0.1",
                 "paths":{"%s":{"%s":{"operationId":"x","servers":[{"url":"%s"}]%s,
                          "responses":{"default":{"description":"default response"}}}}},
                 "components":{"schemas":{"Lamp":{"type":"object"}}}}
                """
                        .formatted(path, method, base, more);
        try {
            return new ObjectMapper().readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void theBaseOfAnApplicationBecomesPartOfItsPaths() {
        JsonNode all = OpenApiDocument.merge(
                List.of(
                        part("/api/v1/lamps", "/", "get", ""),
                        part("/api/v1/lamps", "/{id}", "delete", ""),
                        part("/api/v1/lamps", "/", "post", "")),
                "1.2.3");
        assertThat(all.get("paths").fieldNames()).toIterable().containsExactly("/api/v1/lamps", "/api/v1/lamps/{id}");
        assertThat(all.at("/paths/~1api~1v1~1lamps").fieldNames()).toIterable().containsExactly("get", "post");
        assertThat(all.at("/info/version").asText()).isEqualTo("1.2.3");
        assertThat(all.at("/components/schemas/Lamp").isObject()).isTrue();
    }

    @Test
    void idsOfOperationsDiffer() {
        JsonNode all = OpenApiDocument.merge(
                List.of(
                        part("/api/v1/lamps", "/", "get", ""),
                        part("/api/v1/lamps", "/{id}/on-off", "get", ""),
                        part("/api/v1/doors", "/", "get", "")),
                "1");
        assertThat(all.findValuesAsText("operationId")).containsExactly("getDoors", "getLamps", "getLampsByIdOnOff");
    }

    @Test
    void everyOperationSaysWhichProblemsItAnswersWith() {
        JsonNode all = OpenApiDocument.merge(
                List.of(part(
                        "/api/v1/lamps",
                        "/{id}",
                        "patch",
                        ",\"requestBody\":{},\"parameters\":[{\"name\":\"id\",\"in\":\"path\"}]")),
                "1");
        JsonNode responses = all.at("/paths/~1api~1v1~1lamps~1{id}/patch/responses");
        assertThat(responses.fieldNames())
                .toIterable()
                .contains("default", "400", "401", "403", "404", "415", "422", "429", "503");
        assertThat(responses.at("/401/$ref").asText()).isEqualTo("#/components/responses/Unauthenticated");
        assertThat(all.at("/components/responses/Unauthenticated/content/application~1problem+json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(all.at("/components/schemas/Problem/required")).hasSize(4);
    }

    @Test
    void whatIsChangedOnAConditionIsReadWithATag() {
        JsonNode change =
                part("/api/v1/lamps", "/{id}", "patch", ",\"parameters\":[{\"name\":\"If-Match\",\"in\":\"header\"}]");
        JsonNode read = part("/api/v1/lamps", "/{id}", "get", "");
        JsonNode list = part("/api/v1/lamps", "/", "get", "");
        for (JsonNode one : List.of(change, read)) {
            ((ObjectNode) one.at("/paths/~1{id}/" + (one == read ? "get" : "patch") + "/responses"))
                    .putObject("200")
                    .put("description", "The lamp");
        }

        JsonNode all = OpenApiDocument.merge(List.of(change, read, list), "1");

        JsonNode lamp = all.at("/paths/~1api~1v1~1lamps~1{id}");
        assertThat(lamp.at("/patch/responses/200/headers/ETag").isObject()).isTrue();
        assertThat(lamp.at("/patch/responses/304").isMissingNode()).isTrue();
        assertThat(lamp.at("/get/responses/200/headers/ETag").isObject()).isTrue();
        assertThat(lamp.at("/get/responses/304/description").asText()).contains("If-None-Match");
        assertThat(lamp.at("/get/parameters").findValuesAsText("name")).containsExactly("If-None-Match");
        assertThat(all.at("/paths/~1api~1v1~1lamps/get/responses").has("304")).isFalse();
    }

    @Test
    void whatACapabilitySaysOfItsRefusalsStaysAndHeadersBringTheirs() {
        String more = ",\"parameters\":[{\"name\":\"If-Match\",\"in\":\"header\"}]";
        JsonNode part = part("/api/v1/lamps", "/{id}", "patch", more);
        ((ObjectNode) part.at("/paths/~1{id}/patch/responses")).putObject("409").put("description", "The lamp is on");
        JsonNode responses =
                OpenApiDocument.merge(List.of(part), "1").at("/paths/~1api~1v1~1lamps~1{id}/patch/responses");
        assertThat(responses.at("/409/description").asText()).isEqualTo("The lamp is on");
        assertThat(responses
                        .at("/409/content/application~1problem+json/example/status")
                        .asInt())
                .isEqualTo(409);
        assertThat(responses.at("/412/$ref").asText()).isEqualTo("#/components/responses/PreconditionFailed");
    }

    @Test
    void whoSendsAnotherTypeIsToldTheTypesOfThatOperation() throws Exception {
        String detail = "/content/application~1problem+json/example/detail";
        JsonNode sent = part("/api/v1/lamps", "/", "post", ",\"requestBody\":{\"content\":{\"application/sdp\":{}}}");
        JsonNode answer = OpenApiDocument.merge(List.of(sent), "1").at("/paths/~1api~1v1~1lamps/post/responses/415");
        assertThat(answer.at(detail).asText()).isEqualTo("Send the body as Content-Type: application/sdp.");
        JsonNode json = part("/api/v1/lamps", "/", "post", ",\"requestBody\":{\"content\":{\"application/json\":{}}}");
        assertThat(OpenApiDocument.merge(List.of(json), "1")
                        .at("/paths/~1api~1v1~1lamps/post/responses/415/$ref")
                        .asText())
                .isEqualTo("#/components/responses/UnsupportedMediaType");
    }

    @Test
    void examplesAreComposedOfThoseOfTheFields() throws Exception {
        JsonNode part = part(
                "/api/v1/lamps",
                "/",
                "post",
                ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":"
                        + "{\"$ref\":\"#/components/schemas/Lamp\"}}}}");
        ((ObjectNode) part.at("/components/schemas"))
                .set(
                        "Lamp",
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"type":"object","required":["name","since"],"properties":{
                                          "name":{"type":"string","example":"Gate"},
                                          "since":{"type":"string","format":"date-time"},
                                          "key":{"type":"string","writeOnly":true},
                                          "colours":{"type":"array","items":{"type":"string","enum":["red"]}}}}
                                        """));
        ((ObjectNode) part.at("/paths/~1/post/responses"))
                .putObject("201")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Lamp");
        JsonNode post = OpenApiDocument.merge(List.of(part), "1").at("/paths/~1api~1v1~1lamps/post");
        assertThat(post.at("/requestBody/content/application~1json/example").toString())
                .isEqualTo("{\"name\":\"Gate\",\"since\":\"2026-11-22T14:03:05.120Z\"}");
        assertThat(post.at("/responses/201/content/application~1json/example").toString())
                .isEqualTo("{\"name\":\"Gate\",\"since\":\"2026-11-22T14:03:05.120Z\",\"colours\":[\"red\"]}");
    }

    @Test
    void onlyLoginAndLivenessAreOpen() {
        JsonNode all = OpenApiDocument.merge(
                List.of(
                        part("/api/v1/auth", "/login", "post", ""),
                        part("/api/v1/auth", "/logout", "post", ""),
                        part("/api/v1/health", "/", "get", ""),
                        part("/api/v1/lamps", "/", "get", "")),
                "1");
        assertThat(all.at("/paths/~1api~1v1~1auth~1logout/post/security")).isEmpty();
        assertThat(all.at("/paths/~1api~1v1~1auth~1logout/post").has("security"))
                .isTrue();
        assertThat(all.at("/paths/~1api~1v1~1auth~1login/post/security")).isEmpty();
        assertThat(all.at("/paths/~1api~1v1~1auth~1login/post").has("security")).isTrue();
        assertThat(all.at("/paths/~1api~1v1~1health/get").has("security")).isTrue();
        assertThat(all.at("/paths/~1api~1v1~1lamps/get").has("security")).isFalse();
        assertThat(all.get("security")).hasSize(2);
    }
}
