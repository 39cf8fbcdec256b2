// Answers of the reference implementation to the cases of this folder. On Debian, with the packages golang-go,
// golang-github-hashicorp-hcl-v2-dev, golang-github-zclconf-go-cty-dev, golang-github-apparentlymart-go-cidr-dev
// and golang-github-zclconf-go-cty-yaml-dev.
// Functions whose meaning Terraform changed are as Terraform has them.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o /tmp/reference reference.go module.go
//	./run.py --write-cases /tmp/cases.json
//	/tmp/reference scope.json </tmp/cases.json >expected.json
//	(cd modules; for file in *.hcl; do /tmp/reference --module $file >${file%.hcl}.json; done)
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"math/big"
	"net"

	"github.com/apparentlymart/go-cidr/cidr"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type Case struct {
	Name, Mode, Source string
}

type Place struct {
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

type Result struct {
	ParseOK bool        `json:"parse_ok"`
	EvalOK  bool        `json:"eval_ok"`
	Lines   []int       `json:"lines"`
	Body    interface{} `json:"body"`
	Places  []Place     `json:"places"`
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
	r.Places = []Place{}
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
			r.Places = append(r.Places, Place{d.Subject.Start.Column, d.Subject.Start.Byte})
		}
	}
	return
}

var length = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].Type() == cty.String {
			return stdlib.Strlen(args[0])
		}
		if args[0].Type().IsObjectType() {
			return cty.NumberIntVal(int64(args[0].LengthInt())), nil
		}
		return stdlib.Length(args[0])
	},
})

var coalesce = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, arg := range args {
			types[i] = arg.Type()
		}
		unified, _ := convert.UnifyUnsafe(types)
		if unified == cty.NilType {
			return cty.NilType, fmt.Errorf("no common type")
		}
		return unified, nil
	},
	Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
		for _, arg := range args {
			value, err := convert.Convert(arg, result)
			if err != nil {
				return cty.NilVal, err
			}
			if !value.IsNull() && !(result == cty.String && value.AsString() == "") {
				return value, nil
			}
		}
		return cty.NilVal, fmt.Errorf("all are null or empty")
	},
})

var replace = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "what", Type: cty.String}, {Name: "by", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		what := args[1].AsString()
		if len(what) > 1 && what[0] == '/' && what[len(what)-1] == '/' {
			return stdlib.RegexReplace(args[0], cty.StringVal(what[1:len(what)-1]), args[2])
		}
		return stdlib.Replace(args[0], args[1], args[2])
	},
})

var cidrsubnet = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "prefix", Type: cty.String}, {Name: "newbits", Type: cty.Number}, {Name: "netnum", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		_, network, err := net.ParseCIDR(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		bits, _ := args[1].AsBigFloat().Int64()
		number, _ := args[2].AsBigFloat().Int(nil)
		subnet, err := cidr.SubnetBig(network, int(bits), number)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(subnet.String()), nil
	},
})

var cidrhost = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "prefix", Type: cty.String}, {Name: "hostnum", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		_, network, err := net.ParseCIDR(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		number, _ := args[1].AsBigFloat().Int(new(big.Int))
		ip, err := cidr.HostBig(network, number)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(ip.String()), nil
	},
})

func functions() map[string]function.Function {
	return map[string]function.Function{
		"upper": stdlib.UpperFunc, "lower": stdlib.LowerFunc, "min": stdlib.MinFunc, "max": stdlib.MaxFunc,
		"concat": stdlib.ConcatFunc, "length": length, "strlen": stdlib.StrlenFunc,
		"join": stdlib.JoinFunc, "split": stdlib.SplitFunc, "keys": stdlib.KeysFunc, "values": stdlib.ValuesFunc,
		"merge": stdlib.MergeFunc, "range": stdlib.RangeFunc, "format": stdlib.FormatFunc,
		"jsonencode": stdlib.JSONEncodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "reverse": stdlib.ReverseListFunc,
		"flatten": stdlib.FlattenFunc, "distinct": stdlib.DistinctFunc, "contains": stdlib.ContainsFunc,
		"lookup": stdlib.LookupFunc, "element": stdlib.ElementFunc, "compact": stdlib.CompactFunc,
		"trimspace": stdlib.TrimSpaceFunc, "replace": replace, "abs": stdlib.AbsoluteFunc,
		"floor": stdlib.FloorFunc, "ceil": stdlib.CeilFunc, "coalesce": coalesce,
		"zipmap": stdlib.ZipmapFunc, "sort": stdlib.SortFunc, "setproduct": stdlib.SetProductFunc,
		"substr": stdlib.SubstrFunc, "chunklist": stdlib.ChunklistFunc, "title": stdlib.TitleFunc,
		"try": tryfunc.TryFunc, "can": tryfunc.CanFunc, "tostring": stdlib.MakeToFunc(cty.String), "tonumber": stdlib.MakeToFunc(cty.Number),
		"tobool": stdlib.MakeToFunc(cty.Bool), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "formatlist": stdlib.FormatListFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc,
		"formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc, "csvdecode": stdlib.CSVDecodeFunc, "strrev": stdlib.ReverseFunc,
		"signum": stdlib.SignumFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "log": stdlib.LogFunc, "int": stdlib.IntFunc, "hasindex": stdlib.HasIndexFunc,
		"indent": stdlib.IndentFunc, "chomp": stdlib.ChompFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimsuffix": stdlib.TrimSuffixFunc,
		"slice": stdlib.SliceFunc, "setunion": stdlib.SetUnionFunc, "setintersection": stdlib.SetIntersectionFunc, "setsubtract": stdlib.SetSubtractFunc,
		"coalescelist": stdlib.CoalesceListFunc, "cidrsubnet": cidrsubnet, "cidrhost": cidrhost,
	}
}

func main() {
	if os.Args[1] == "--module" {
		module(os.Args[2])
		return
	}
	raw, _ := os.ReadFile(os.Args[1])
	t, err := ctyjson.ImpliedType(raw)
	if err != nil {
		panic(err)
	}
	scope, err := ctyjson.Unmarshal(raw, t)
	if err != nil {
		panic(err)
	}
	ctx := &hcl.EvalContext{Variables: scope.AsValueMap(), Functions: functions()}
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
