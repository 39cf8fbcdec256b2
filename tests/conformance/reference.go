// Answers of the reference implementation to the cases of this folder. On Debian, with the packages golang-go,
// golang-github-hashicorp-hcl-v2-dev and golang-github-zclconf-go-cty-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o /tmp/reference reference.go
//	./run.py --write-cases /tmp/cases.json
//	/tmp/reference scope.json </tmp/cases.json >expected.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type Case struct {
	Name, Mode, Source string
}

type Result struct {
	ParseOK bool        `json:"parse_ok"`
	EvalOK  bool        `json:"eval_ok"`
	Lines   []int       `json:"lines"`
	Body    interface{} `json:"body"`
	Panic   string      `json:"panic,omitempty"`
}

func js(v cty.Value) (r json.RawMessage) {
	defer func() {
		if e := recover(); e != nil {
			r = json.RawMessage(`"PANIC"`)
		}
	}()
	if !v.IsWhollyKnown() {
		return json.RawMessage("null")
	}
	b, err := ctyjson.SimpleJSONValue{Value: v}.MarshalJSON()
	if err != nil {
		return json.RawMessage(`"UNREPRESENTABLE"`)
	}
	return b
}

func body(b *hclsyntax.Body, ctx *hcl.EvalContext, d *hcl.Diagnostics) interface{} {
	attrs := map[string]interface{}{}
	names := []string{}
	for n := range b.Attributes {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		return b.Attributes[names[i]].SrcRange.Start.Byte < b.Attributes[names[j]].SrcRange.Start.Byte
	})
	for _, n := range names {
		v, ds := b.Attributes[n].Expr.Value(ctx)
		*d = append(*d, ds...)
		if ds.HasErrors() {
			attrs[n] = map[string]interface{}{"value": nil}
			continue
		}
		attrs[n] = map[string]interface{}{"value": js(v)}
	}
	blocks := []interface{}{}
	for _, k := range b.Blocks {
		l := k.Labels
		if l == nil {
			l = []string{}
		}
		blocks = append(blocks, map[string]interface{}{"type": k.Type, "labels": l, "body": body(k.Body, ctx, d)})
	}
	return map[string]interface{}{"attributes": attrs, "blocks": blocks}
}

func run(c Case, ctx *hcl.EvalContext) (r Result) {
	r.Lines = []int{}
	defer func() {
		if e := recover(); e != nil {
			r.Panic = fmt.Sprint(e)
		}
	}()
	var diags hcl.Diagnostics
	if c.Mode == "template" {
		e, ds := hclsyntax.ParseTemplate([]byte(c.Source), "x", hcl.InitialPos)
		diags = append(diags, ds...)
		r.ParseOK = !ds.HasErrors()
		if r.ParseOK {
			v, ds := e.Value(ctx)
			diags = append(diags, ds...)
			if !ds.HasErrors() {
				r.Body = js(v)
			}
		}
	} else {
		f, ds := hclsyntax.ParseConfig([]byte(c.Source), "x", hcl.InitialPos)
		diags = append(diags, ds...)
		r.ParseOK = !ds.HasErrors()
		if r.ParseOK {
			r.Body = body(f.Body.(*hclsyntax.Body), ctx, &diags)
		}
	}
	r.EvalOK = !diags.HasErrors()
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Subject != nil {
			r.Lines = append(r.Lines, d.Subject.Start.Line)
		}
	}
	return
}

func main() {
	raw, _ := os.ReadFile(os.Args[1])
	t, err := ctyjson.ImpliedType(raw)
	if err != nil {
		panic(err)
	}
	scope, err := ctyjson.Unmarshal(raw, t)
	if err != nil {
		panic(err)
	}
	ctx := &hcl.EvalContext{Variables: scope.AsValueMap(), Functions: map[string]function.Function{
		"upper": stdlib.UpperFunc, "lower": stdlib.LowerFunc, "min": stdlib.MinFunc, "max": stdlib.MaxFunc,
		"concat": stdlib.ConcatFunc, "length": stdlib.LengthFunc, "strlen": stdlib.StrlenFunc,
		"join": stdlib.JoinFunc, "split": stdlib.SplitFunc, "keys": stdlib.KeysFunc, "values": stdlib.ValuesFunc,
		"merge": stdlib.MergeFunc, "range": stdlib.RangeFunc, "format": stdlib.FormatFunc,
		"jsonencode": stdlib.JSONEncodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "reverse": stdlib.ReverseListFunc,
		"flatten": stdlib.FlattenFunc, "distinct": stdlib.DistinctFunc, "contains": stdlib.ContainsFunc,
		"lookup": stdlib.LookupFunc, "element": stdlib.ElementFunc, "compact": stdlib.CompactFunc,
		"trimspace": stdlib.TrimSpaceFunc, "replace": stdlib.ReplaceFunc, "abs": stdlib.AbsoluteFunc,
		"floor": stdlib.FloorFunc, "ceil": stdlib.CeilFunc, "coalesce": stdlib.CoalesceFunc,
		"zipmap": stdlib.ZipmapFunc, "sort": stdlib.SortFunc, "setproduct": stdlib.SetProductFunc,
		"substr": stdlib.SubstrFunc, "chunklist": stdlib.ChunklistFunc, "title": stdlib.TitleFunc,
	}}
	var cases []Case
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	names := []string{}
	results := map[string]Result{}
	for _, c := range cases {
		names = append(names, c.Name)
		results[c.Name] = run(c, ctx)
	}
	sort.Strings(names)
	for i, n := range names {
		key, _ := json.Marshal(n)
		answer, err := json.Marshal(results[n])
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s%s: %s", map[bool]string{true: "{\n", false: ",\n"}[i == 0], key, answer)
	}
	fmt.Print("\n}\n")
}
