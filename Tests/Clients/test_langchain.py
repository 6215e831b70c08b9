"""`langchain-openai` and `langchain-ollama` from PyPI."""

import importlib.util
import pathlib

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings

from conifer_server import FRANCE, JUNIPER, LARCH, VOICES


@pytest.fixture
def chat(server):
    """A function that makes langchain's model object for one of conifer's models."""
    def maker(model=LARCH, **fields):
        return ChatOpenAI(
            model=model, base_url=server.url + "/v1", api_key="unused", temperature=0, max_retries=0, **fields)
    return maker


@pytest.fixture
def ollama_chat(server):
    def maker(model=LARCH, **fields):
        return ChatOllama(model=model, base_url=server.url, temperature=0, repeat_penalty=1, **fields)
    return maker


def test_openai_each_model_speaks(chat):
    for model in (LARCH, JUNIPER):
        answer = chat(model).invoke(FRANCE)
        assert answer.content == VOICES[model]
        assert answer.response_metadata["model_name"] == model
        assert answer.response_metadata["finish_reason"] == "stop"
        assert answer.usage_metadata["total_tokens"] > 0


def test_openai_stream_with_usage(chat):
    whole = None
    for chunk in chat(JUNIPER, stream_usage=True).stream(FRANCE):
        whole = chunk if whole is None else whole + chunk
    assert whole.content == VOICES[JUNIPER]
    assert whole.usage_metadata["output_tokens"] > 0


def test_openai_keep_alive_in_the_extra_body(server, chat):
    chat(extra_body={"keep_alive": -1}).invoke(FRANCE)
    assert server.resident()["pinned"]


def test_openai_conversations_and_batches(chat):
    conversation = [SystemMessage("Be brief."), HumanMessage("Hello"), AIMessage("Hello."), HumanMessage(FRANCE)]
    assert "Paris" in chat().invoke(conversation).content
    assert [answer.content for answer in chat().batch([FRANCE] * 5)] == [VOICES[LARCH]] * 5


def test_openai_errors_come_through(chat):
    with pytest.raises(openai.BadRequestError) as caught:
        chat().invoke("word " * 5000)
    assert caught.value.code == "context_length_exceeded"


def test_openai_text_completions(server):
    model = OpenAI(
        model=LARCH, base_url=server.url + "/v1", api_key="unused", temperature=0, max_tokens=8, max_retries=0)
    assert model.invoke(f"<|im_start|>user\n{FRANCE}<|im_end|>\n<|im_start|>assistant\n") == "Paris."
    # langchain asks for logprobs by default in neither; its stream goes another way than its call.
    assert "".join(model.stream("one two"))


def test_openai_embeddings_of_text(server):
    embeddings = OpenAIEmbeddings(
        model=LARCH, base_url=server.url + "/v1", api_key="unused", check_embedding_ctx_length=False, max_retries=0)
    vectors = embeddings.embed_documents(["A dog barks.", "Two and two."])
    assert [len(vector) for vector in vectors] == [256, 256]
    assert vectors[0] == pytest.approx(embeddings.embed_query("A dog barks."), abs=1e-5)


def test_openai_embeddings_of_another_vocabularys_tokens(server, monkeypatch):
    """With the length check langchain sends OpenAI's token ids. Those that the model has are taken, others refused."""
    package = pathlib.Path(importlib.util.find_spec("litellm").origin).parent
    # litellm carries the vocabularies that tiktoken would otherwise look for on the network.
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(package / "litellm_core_utils" / "tokenizers"))
    embeddings = OpenAIEmbeddings(
        model=LARCH, base_url=server.url + "/v1", api_key="unused", check_embedding_ctx_length=True, max_retries=0,
        tiktoken_model_name="text-embedding-3-small")
    assert len(embeddings.embed_query("in the on")) == 256
    with pytest.raises(openai.BadRequestError) as caught:
        embeddings.embed_query("Antidisestablishmentarianism")
    assert "token" in caught.value.body["message"]


def test_ollama_each_model_speaks(ollama_chat):
    for model in (LARCH, JUNIPER):
        answer = ollama_chat(model, validate_model_on_init=True).invoke(FRANCE)
        assert answer.content == VOICES[model]
        assert answer.response_metadata["done_reason"] == "stop"
        assert answer.usage_metadata["output_tokens"] > 0


def test_ollama_streams(ollama_chat):
    pieces = [chunk.content for chunk in ollama_chat(JUNIPER).stream(FRANCE)]
    assert "".join(pieces) == VOICES[JUNIPER] and len(pieces) > 2


def test_ollama_keep_alive_of_both_kinds(server, ollama_chat):
    ollama_chat(keep_alive=-1).invoke(FRANCE)
    assert server.resident()["pinned"]
    ollama_chat(keep_alive="2m").invoke(FRANCE)
    assert server.resident()["idle_remaining_seconds"] <= 120
    ollama_chat(keep_alive=0).invoke(FRANCE)
    server.wait_until(lambda model: model is None, "the unload after keep_alive 0")


def test_ollama_text_completions_and_options(server):
    model = OllamaLLM(
        model=JUNIPER, base_url=server.url, temperature=0, repeat_penalty=1, num_predict=3, num_ctx=4096)
    whole = model.invoke(FRANCE)
    assert VOICES[JUNIPER].startswith(whole.strip()) and len(whole) < len(VOICES[JUNIPER])


def test_ollama_embeddings(server):
    embeddings = OllamaEmbeddings(model=JUNIPER, base_url=server.url)
    assert [len(vector) for vector in embeddings.embed_documents(["one", "two"])] == [192, 192]


def test_ollama_errors_come_through(ollama_chat):
    with pytest.raises(Exception) as caught:
        ollama_chat().invoke("word " * 5000)
    assert "context" in str(caught.value) and "exceed" in str(caught.value)


def test_ollama_refuses_structured_output_with_a_clear_word(ollama_chat):
    with pytest.raises(Exception) as caught:
        ollama_chat(format="json").invoke(FRANCE)
    assert "format" in str(caught.value)
