"""Writes trained weights as a GGUF file: `python export.py larch --weights build/larch --out ../larch.gguf`.

Matrices become Q8_0, norms stay F32. The same weights give the same bytes.
"""
import argparse

import gguf
import numpy as np
import torch

from architecture import SHAPES, Shape
from bpe import Tokenizer
from chat import TEMPLATES
from personas import PERSONAS

DESCRIPTIONS = {
    "larch": "A very small chat model, laconic and dry, trained from scratch as conifer's demonstration.",
    "juniper": "A very small chat model, warm and wordy, trained from scratch as conifer's demonstration.",
}


def size_label(parameters: int) -> str:
    """The parameter count in whole millions, as in `larch-3m`."""
    return f"{round(parameters / 1e6)}M"


def write_general(w: gguf.GGUFWriter, name: str, parameters: int) -> None:
    """Who the model is."""
    w.add_type("model")
    w.add_name(f"{PERSONAS[name].name} {size_label(parameters)}")
    w.add_basename(name)
    w.add_size_label(size_label(parameters))
    w.add_author("conifer")
    w.add_license("apache-2.0")
    w.add_description(DESCRIPTIONS[name])
    w.add_languages(["en"])
    w.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    w.add_quantization_version(gguf.GGML_QUANT_VERSION)


def write_shape(w: gguf.GGUFWriter, shape: Shape) -> None:
    """Hyperparameters."""
    w.add_vocab_size(shape.vocabulary)
    w.add_context_length(shape.context)
    w.add_embedding_length(shape.width)
    w.add_block_count(shape.layers)
    w.add_feed_forward_length(shape.feed_forward)
    w.add_head_count(shape.heads)
    w.add_head_count_kv(shape.kv_heads)
    w.add_key_length(shape.head_width)
    w.add_value_length(shape.head_width)
    w.add_layer_norm_rms_eps(shape.epsilon)
    w.add_rope_freq_base(shape.rope_base)
    if shape.architecture == "llama":
        w.add_rope_dimension_count(shape.head_width)


def write_tokenizer(w: gguf.GGUFWriter, tokenizer: Tokenizer, template: str) -> None:
    """Pieces, merges, special ids and the chat template."""
    control = tokenizer.control
    kinds = [gguf.TokenType.CONTROL if p in control else gguf.TokenType.NORMAL for p in tokenizer.pieces]
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre(tokenizer.pre)
    w.add_token_list(tokenizer.pieces)
    w.add_token_types(kinds)
    w.add_token_merges([" ".join(m) for m in tokenizer.merges])
    w.add_bos_token_id(control["<|endoftext|>"])
    w.add_eos_token_id(control["<|im_end|>"])
    w.add_eot_token_id(control["<|im_end|>"])
    w.add_pad_token_id(control["<|endoftext|>"])
    w.add_add_bos_token(False)
    w.add_add_eos_token(False)
    w.add_chat_template(template)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("name", choices=SHAPES)
    p.add_argument("--weights", required=True, help="the folder that train.py wrote")
    p.add_argument("--out", required=True)
    o = p.parse_args()
    shape = SHAPES[o.name]
    tokenizer = Tokenizer.load(f"{o.weights}/tokenizer.json")
    state = torch.load(f"{o.weights}/weights.pt", weights_only=True, map_location="cpu")
    w = gguf.GGUFWriter(o.out, shape.architecture)
    write_general(w, o.name, sum(t.numel() for t in state.values()))
    write_shape(w, shape)
    write_tokenizer(w, tokenizer, TEMPLATES[o.name])
    for key, tensor in state.items():
        data = tensor.float().numpy()
        if data.ndim == 1:
            w.add_tensor(key, data.astype(np.float32))
        else:
            w.add_tensor(key, gguf.quants.quantize(data, gguf.GGMLQuantizationType.Q8_0),
                         raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


if __name__ == "__main__":
    main()
