"""The two transformer architectures in GGUF's own conventions: tensor names, RoPE pairing, tied embeddings."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    """Hyperparameters. `architecture` is GGUF's: `llama` pairs neighbours in RoPE; `qwen3` pairs halves, norms Q, K."""
    architecture: str
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_width: int
    feed_forward: int
    context: int = 1024
    rope_base: float = 10_000.0
    epsilon: float = 1e-5


SHAPES = {
    "larch": Shape("llama", 1536, 256, 4, 4, 2, 64, 640),
    "juniper": Shape("qwen3", 1536, 192, 5, 4, 2, 64, 576, rope_base=100_000.0, epsilon=1e-6),
}


def rope_tables(shape: Shape, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin, [length, head_width / 2]."""
    half = shape.head_width // 2
    frequency = shape.rope_base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.outer(torch.arange(length, dtype=torch.float64), frequency)
    return angle.cos().float(), angle.sin().float()


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, interleaved: bool) -> torch.Tensor:
    """RoPE on x [batch, heads, tokens, head_width]: pairs are (2i, 2i + 1) or else (i, i + head_width / 2)."""
    if interleaved:
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack((a * cos - b * sin, a * sin + b * cos), dim=-1).flatten(-2)
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


class Block(nn.Module):
    """One layer: attention and gated feed-forward, each behind an RMS norm."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        linear = lambda rows, columns: nn.Linear(columns, rows, bias=False)
        self.attn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.attn_q = linear(shape.heads * shape.head_width, shape.width)
        self.attn_k = linear(shape.kv_heads * shape.head_width, shape.width)
        self.attn_v = linear(shape.kv_heads * shape.head_width, shape.width)
        self.attn_output = linear(shape.width, shape.heads * shape.head_width)
        if shape.architecture == "qwen3":
            self.attn_q_norm = nn.RMSNorm(shape.head_width, eps=shape.epsilon)
            self.attn_k_norm = nn.RMSNorm(shape.head_width, eps=shape.epsilon)
        self.ffn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.ffn_gate = linear(shape.feed_forward, shape.width)
        self.ffn_up = linear(shape.feed_forward, shape.width)
        self.ffn_down = linear(shape.width, shape.feed_forward)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor,
                cache: tuple[torch.Tensor, torch.Tensor] | None, mask: torch.Tensor | None):
        s, (batch, tokens, _) = self.shape, x.shape
        h = self.attn_norm(x)
        q = self.attn_q(h).view(batch, tokens, s.heads, s.head_width)
        k = self.attn_k(h).view(batch, tokens, s.kv_heads, s.head_width)
        v = self.attn_v(h).view(batch, tokens, s.kv_heads, s.head_width).transpose(1, 2)
        if s.architecture == "qwen3":
            q, k = self.attn_q_norm(q.float()), self.attn_k_norm(k.float())
        q = rotate(q.transpose(1, 2), cos, sin, s.architecture == "llama").to(v.dtype)
        k = rotate(k.transpose(1, 2), cos, sin, s.architecture == "llama").to(v.dtype)
        if cache is not None:
            k, v = torch.cat((cache[0], k), 2), torch.cat((cache[1], v), 2)
        new_cache = (k, v)
        groups = s.heads // s.kv_heads
        k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None and tokens > 1)
        x = x + self.attn_output(out.transpose(1, 2).reshape(batch, tokens, -1))
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h)), new_cache


class Transformer(nn.Module):
    """A decoder. Its state's names are GGUF's tensor names."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        cos, sin = rope_tables(shape, shape.context)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02 if "embd" in name else p.shape[1] ** -0.5)
                if name.endswith(("attn_output.weight", "ffn_down.weight")):
                    p.data.mul_((2 * shape.layers) ** -0.5)

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        """Normed states [batch, tokens, width] of ids [batch, tokens] that begin at position 0."""
        x = self.token_embd(ids)
        cos, sin = self.cos[:ids.shape[1]], self.sin[:ids.shape[1]]
        for block in self.blk:
            x, _ = block(x, cos, sin, None, None)
        return self.output_norm(x)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Logits over the vocabulary, through the tied embedding."""
        return F.linear(hidden, self.token_embd.weight)
