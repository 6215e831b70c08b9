"""An independent float32 implementation of the families that conifer runs, on de-quantised weights.

Written from the papers: RMS norm (Zhang and Sennrich 2019), rotary positions (Su et al. 2021), grouped-query attention
(Ainslie et al. 2023), SwiGLU (Shazeer 2020), YaRN (Peng et al. 2023). No KV cache, no batching, nothing quantised but the
file's own rounding. `cross_check.py` compares it with Hugging Face's implementations of the same models.
"""
import math

import gguf
import numpy as np
import torch


class Model:
    def __init__(self, path):
        reader = gguf.GGUFReader(path)
        self.fields = {name: field.contents() for name, field in reader.fields.items() if not name.startswith("tokenizer.ggml.tok") and name != "tokenizer.ggml.merges"}
        self.architecture = self.fields["general.architecture"]
        self.tensors = {t.name: t for t in reader.tensors}
        self.cached = {}
        key = self.key
        self.layers = key("block_count")
        self.embedding = key("embedding_length")
        self.heads = key("attention.head_count")
        self.kv_heads = key("attention.head_count_kv", self.heads)
        self.head_dimension = key("attention.key_length", self.embedding // self.heads)
        self.epsilon = key("attention.layer_norm_rms_epsilon")
        self.rotary_dimension = key("rope.dimension_count", self.head_dimension)
        self.base = key("rope.freq_base", {"qwen3": 1e6}.get(self.architecture, 1e4))
        self.frequencies, self.magnitude = self.rotary()

    def key(self, name, default=None):
        value = self.fields.get(f"{self.architecture}.{name}", default)
        if value is None:
            raise KeyError(f"{self.architecture}.{name}")
        return value

    def weight(self, name, optional=False):
        """A tensor as float32, [rows, columns]."""
        if name not in self.tensors:
            if optional:
                return None
            raise KeyError(name)
        if name not in self.cached:
            t = self.tensors[name]
            data = gguf.quants.dequantize(t.data, t.tensor_type).astype(np.float32)
            self.cached[name] = torch.from_numpy(data.reshape([int(n) for n in reversed(t.shape)]).copy())
        return self.cached[name]

    def rotary(self):
        """Radians per position of each pair, and the factor on cosine and sine."""
        d = self.rotary_dimension
        frequencies = self.base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
        factors = self.weight("rope_freqs.weight", optional=True)
        if factors is not None:
            frequencies = frequencies / factors.double()
        factor = self.key("rope.scaling.factor", 1.0)
        kind = self.key("rope.scaling.type", "none" if factor == 1.0 else "linear")
        if kind == "linear":
            return frequencies / factor, 1.0
        if kind == "yarn":
            original = self.key("rope.scaling.original_context_length")
            # The pair that turns r times in the original context: solve original · base^(-2i/d) = 2π r for i.
            pair = lambda r: d * math.log(original / (2 * math.pi * r)) / (2 * math.log(self.base))
            low = max(math.floor(pair(self.key("rope.scaling.yarn_beta_fast", 32.0))), 0)
            high = min(math.ceil(pair(self.key("rope.scaling.yarn_beta_slow", 1.0))), d - 1)
            ramp = ((torch.arange(d // 2, dtype=torch.float64) - low) / max(high - low, 0.001)).clamp(0, 1)
            return frequencies / factor * ramp + frequencies * (1 - ramp), 0.1 * math.log(factor) + 1
        return frequencies, 1.0

    def norm(self, x, name):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight(name)

    def linear(self, x, name):
        y = x @ self.weight(name + ".weight").T
        bias = self.weight(name + ".bias", optional=True)
        return y if bias is None else y + bias

    def rotate(self, x):
        """Turns the pairs of [positions, heads, dimension]: neighbours in llama files, halves in the others."""
        d = self.rotary_dimension
        angles = torch.arange(x.shape[0], dtype=torch.float64)[:, None] * self.frequencies
        cosine = (angles.cos() * self.magnitude).float()[:, None]
        sine = (angles.sin() * self.magnitude).float()[:, None]
        turned, rest = x[..., :d], x[..., d:]
        if self.architecture == "llama":
            a, b = turned[..., 0::2], turned[..., 1::2]
            turned = torch.stack((a * cosine - b * sine, a * sine + b * cosine), -1).flatten(-2)
        else:
            a, b = turned[..., : d // 2], turned[..., d // 2 :]
            turned = torch.cat((a * cosine - b * sine, a * sine + b * cosine), -1)
        return torch.cat((turned, rest), -1)

    def attention(self, x, block):
        n, d = x.shape[0], self.head_dimension
        q = self.linear(x, block + "attn_q").view(n, self.heads, d)
        k = self.linear(x, block + "attn_k").view(n, self.kv_heads, d)
        v = self.linear(x, block + "attn_v").view(n, self.kv_heads, d)
        if block + "attn_q_norm.weight" in self.tensors:
            q, k = self.norm(q, block + "attn_q_norm.weight"), self.norm(k, block + "attn_k_norm.weight")
        q, k = self.rotate(q), self.rotate(k)
        group = self.heads // self.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = torch.einsum("qhd,khd->hqk", q, k) / math.sqrt(d)
        scores = scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf)
        mixed = torch.einsum("hqk,khd->qhd", scores.softmax(-1), v).reshape(n, -1)
        return self.linear(mixed, block + "attn_output")

    @torch.no_grad()
    def hidden(self, tokens):
        """[tokens, embedding]: what the output matrix, or an embedding's pooling, sees."""
        x = self.weight("token_embd.weight")[torch.as_tensor(tokens, dtype=torch.long)]
        for layer in range(self.layers):
            block = f"blk.{layer}."
            x = x + self.attention(self.norm(x, block + "attn_norm.weight"), block)
            h = self.norm(x, block + "ffn_norm.weight")
            gated = torch.nn.functional.silu(self.linear(h, block + "ffn_gate")) * self.linear(h, block + "ffn_up")
            x = x + self.linear(gated, block + "ffn_down")
        return self.norm(x, "output_norm.weight")

    @torch.no_grad()
    def logits(self, tokens):
        """[tokens, vocabulary]"""
        x = self.hidden(tokens)
        output = self.weight("output.weight", optional=True)
        return x @ (self.weight("token_embd.weight") if output is None else output).T
